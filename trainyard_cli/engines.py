"""The container engine and the training images, as the doctor, `trainyard images` and embedded runs use them."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from trainyard.engine.containers.stages import FOLDER
from trainyard.engine.port import EngineBusyError, Recipe
from trainyard.errors import TrainyardError
from trainyard_cli.settings import CliSettings

if TYPE_CHECKING:
    from trainyard.engine.containers.images import DockerImages

KINDS = ("sklearn", "ann", "cnn")
"""The training images that most scripts need; `trainyard images` builds them by default."""

MORE_KINDS = ("torch", "keras2", "python311", "python37")
"""Images that are built on first use, or by name."""

CHECK_SECONDS = 5.0
PATIENT_SECONDS = 30.0
"""How long the engine may take to say that it is there: for the doctor, and for a run that needs it."""


@dataclass(frozen=True, slots=True)
class NoDocker:
    """Why no Docker engine can be used, and what to do about it."""

    why: str
    remedy: str


BUSY = "Try again once `docker ps` answers quickly: builds or a full disk may keep the engine busy; or restart it."


def wheels_folder(settings: CliSettings) -> str:
    """Return the folder of wheels that the settings name, or that of the checkout."""
    here = Path(settings.trainer_wheels)
    return str(here if here.is_dir() else Path(__file__).resolve().parent.parent / ".trainyard" / "wheels")


def training_images(settings: CliSettings) -> DockerImages:
    """Return the builder of training images, as configured."""
    from trainyard.engine.containers.images import DockerImages
    from trainyard.engine.containers.site import Site

    return DockerImages(
        settings.engine_url,
        FOLDER,
        site=replace(Site.of(settings), wheels=wheels_folder(settings)),
        logs=settings.trainer_build_logs,
        dockerfiles=settings.trainer_dockerfiles,
    )


def probe_folder() -> str:
    """Return the folder of the probe, which is put beside every script."""
    import trainprobe

    return str(Path(trainprobe.__file__).resolve().parent)


def is_installed(module: str) -> bool:
    """Return whether this Python finds *module*, without importing it."""
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False


def version(settings: CliSettings, timeout: float = CHECK_SECONDS) -> str:
    """Return the container engine's name and version.

    Raises:
        EngineUnavailableError: It does not answer within *timeout* seconds.
    """
    from trainyard.engine.containers.engine import DockerEngine

    with closing(DockerEngine(settings.engine_url, probe=probe_folder(), timeout=timeout)) as engine:
        return engine.check()


def why_no_docker(settings: CliSettings) -> NoDocker | None:
    """Return why no Docker engine can be used, or None when one can."""
    try:
        version(settings, PATIENT_SECONDS)
    except EngineBusyError as error:
        return NoDocker(str(error), BUSY)
    except TrainyardError as error:
        return NoDocker(str(error), "Start it, or set TRAINYARD_ENGINE_URL to one that runs.")
    except ImportError as error:
        return NoDocker(str(error), "Install its client: `python -m pip install docker`.")
    return None


def built(settings: CliSettings) -> list[tuple[str, str | None]]:
    """Return the usual kinds of training images and their names, None where one is not built.

    Raises:
        EngineUnavailableError: The engine does not answer.
    """
    images = training_images(settings)
    return [(kind, images.find(Recipe(kind))) for kind in KINDS]
