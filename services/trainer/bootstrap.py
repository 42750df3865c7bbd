"""The only place where the trainer's real adapters are made."""

import os
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial

import trainprobe
from services.trainer import collecting, handlers
from services.trainer.adapters.counts import PrometheusCounts
from services.trainer.inspection import inspect
from services.trainer.inspection.image.recipe import Provides
from services.trainer.ports import MEBIBYTE, Pace, Tools
from services.trainer.settings import TrainerSettings
from services.trainer.warming import RecentImages, WarmSettings, keeping_warm
from trainyard.engine.containers.engine import DockerEngine
from trainyard.engine.containers.images import DockerImages
from trainyard.engine.containers.site import Site
from trainyard.engine.port import Engine, Images
from trainyard.messages import CodeReady, CodeSubmitted
from trainyard.service import Service
from trainyard.storage import Storage

LOOK_SECONDS = 2.0
"""The longest time between two looks at the engine of a service; its events make most looks earlier."""


def build(settings: TrainerSettings) -> Service:
    """Make the service as the settings want it, on Docker."""
    engine = DockerEngine(
        settings.engine_url,
        probe=probe_folder(),
        network=settings.trainer_network,
        installation=settings.installation,
        datasets=settings.trainer_datasets,
        warms=settings.trainer_warm > 0,
    )
    recent, warm = RecentImages(), WarmSettings(settings.trainer_warm, settings.trainer_warm_idle_seconds)
    service = assemble(
        storage=Storage(settings.storage),
        engine=engine,
        image_used=recent.note,
        images=DockerImages(
            settings.engine_url,
            settings.trainer_images,
            site=Site.of(settings),
            logs=settings.trainer_build_logs,
            dockerfiles=settings.trainer_dockerfiles,
        ),
        slots=settings.trainer_slots,
        pace=Pace(
            every=LOOK_SECONDS,
            progress=settings.trainer_progress_seconds,
            artifact_bytes=settings.trainer_artifact_mib * MEBIBYTE,
            checkpoint_bytes=settings.trainer_checkpoint_mib * MEBIBYTE,
        ),
    )
    warming = partial(keeping_warm, engine=engine, recent=recent, settings=warm, now=time.time)
    return replace(service, sources=[*service.sources, warming])


def probe_folder() -> str:
    """Return where the probe package lies, which the engine puts into each trial's volume."""
    return os.path.dirname(os.path.abspath(trainprobe.__file__))


def assemble(
    *,
    storage: Storage,
    engine: Engine,
    images: Images,
    slots: int = 2,
    pace: Pace | None = None,
    provides: Provides | None = None,
    variables: Collection[str] = (),
    image_used: Callable[[str, float], None] = lambda _image, _at: None,
) -> Service:
    """Put the service together from its ports.

    Args:
        storage: Where bundles, files and marks lie.
        engine: What runs the trainings.
        images: Where their images come from.
        slots: How many may run at once.
        pace: How often to look at them; what fits a person at a terminal when absent.
        provides: Returns whether a top-level module is there where scripts run, where no image is made for them.
        variables: Environment variables that scripts find there of themselves.
        image_used: Is called with the image that a run was started in, and when.
    """
    tools = Tools(
        storage=storage,
        engine=engine,
        images=images,
        counts=PrometheusCounts(slots),
        inspect=partial(inspect, provides=provides, variables=variables),
        slots=slots,
        image_used=image_used,
    )
    return Service(
        "trainer",
        handlers={
            CodeReady: partial(handlers.on_code_ready, tools=tools),
            CodeSubmitted: handlers.on_code_submitted,
        },
        sources=[partial(collecting.finished_runs, tools=tools, pace=pace or Pace(), memory=collecting.Memory())],
        has_room=partial(handlers.has_room, tools=tools),
    )
