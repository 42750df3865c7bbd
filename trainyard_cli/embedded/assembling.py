"""The services of one embedded run, put together with adapters that need nothing but this process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from services.evaluator import bootstrap as evaluator
from services.fetcher import bootstrap as fetcher
from services.monitor import bootstrap as monitor
from services.trainer import bootstrap as trainer
from services.tweaker import bootstrap as tweaker
from trainyard.bus.memory import MemoryBus
from trainyard.engine.containers.engine import DockerEngine
from trainyard.engine.containers.images import NoImages
from trainyard.engine.port import Engine
from trainyard.engine.processes.engine import ProcessEngine
from trainyard.messages import JobFinished, Message
from trainyard.service import Service
from trainyard.storage import Storage
from trainyard_cli import engines
from trainyard_cli.choices import EngineChoice
from trainyard_cli.datasets import is_folder
from trainyard_cli.embedded.choice import here
from trainyard_cli.embedded.local_jobs import LocalJobs
from trainyard_cli.settings import CliSettings

DOCKER = "docker"
"""A file in the session's folder that says: this run has containers."""

LOOK_SECONDS = 0.5
"""How often the monitor looks at least; it is also how long the end of the command waits for it."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """What one embedded run consists of.

    Attributes:
        jobs: What the evaluator knows.
        close: Ends what trains, and lets go of the engine.
        mailed: Set once the mail about the job went out; None where no mail is set up.
    """

    bus: MemoryBus
    services: list[Service]
    jobs: LocalJobs
    close: Callable[[], None]
    mailed: threading.Event | None


@dataclass(frozen=True, slots=True)
class Trains:
    """Where an embedded run trains.

    Attributes:
        close: Ends what trains, and lets go of the engine.
    """

    engine: Engine
    trainer: Service
    close: Callable[[], None]


def assemble(session: Path, choice: EngineChoice, settings: CliSettings) -> Assembled:
    """Put the services together, with all that they keep in the folder *session*.

    Raises:
        EngineUnavailableError: Docker was chosen and does not answer.
    """
    storage = Storage(str(session / "storage"))
    judge = evaluator.assemble(ledger=evaluator.open_ledger(f"sqlite:///{session / 'ledger.db'}"), storage=storage)
    trains = (containers if choice is EngineChoice.docker else processes)(session, storage, settings)
    mailed = threading.Event() if settings.notifier_smtp_url else None
    services = [
        fetcher.assemble(storage=storage, mirrors=str(session / "mirrors")),
        trains.trainer,
        judge,
        tweaker.assemble(storage=storage),
        monitor.assemble(storage=storage, engine=trains.engine, every=LOOK_SECONDS),
        *([mailing(session, mailed)] if mailed else []),
    ]
    return Assembled(MemoryBus(), services, LocalJobs(judge.pages["/jobs"]), trains.close, mailed)


def processes(session: Path, storage: Storage, settings: CliSettings) -> Trains:
    """Train in child processes that end with this one; without a folder of data sets, they find those of this user."""
    datasets = settings.trainer_datasets if is_folder(settings.trainer_datasets) else None
    engine = ProcessEngine(str(session / "runs"), probe=trainer.probe_folder(), datasets=datasets)
    service = trainer.assemble(
        storage=storage, engine=engine, images=NoImages(), slots=1, provides=here, variables=frozenset(os.environ)
    )
    return Trains(engine, service, engine.close)


def containers(session: Path, storage: Storage, settings: CliSettings) -> Trains:
    """Train in Docker, apart from whatever else trains on that engine; nothing is left there in the end."""
    (session / DOCKER).touch()
    engine = _docker(session, settings)
    service = trainer.assemble(storage=storage, engine=engine, images=engines.maker(settings), slots=1)
    return Trains(engine, service, partial(_leave_nothing, engine))


def mailing(session: Path, mailed: threading.Event) -> Service:
    """Return the notifier as its settings want it; *mailed* is set once it has sent its mail."""
    from services.notifier import bootstrap as notifier
    from services.notifier.settings import NotifierSettings

    inbox = f"sqlite:///{session / 'inbox.db'}"
    service = notifier.build(NotifierSettings(storage=str(session / "storage"), notifier_inbox=inbox))

    def then_tell(message: JobFinished) -> Iterator[Message]:
        yield from service.handlers[JobFinished](message)
        mailed.set()

    return replace(service, handlers={JobFinished: then_tell})


def clean(session: Path, settings: CliSettings) -> None:
    """Remove what a run that was killed left on the Docker engine.

    Raises:
        EngineUnavailableError: The engine does not answer.
    """
    if (session / DOCKER).exists():
        _leave_nothing(_docker(session, settings))


def _docker(session: Path, settings: CliSettings) -> DockerEngine:
    """Reach the engine as the one run that *session* belongs to."""
    installation = f"trainyard-run-{session.name}"
    return DockerEngine(
        settings.engine_url,
        probe=trainer.probe_folder(),
        installation=installation,
        datasets=settings.trainer_datasets,
    )


def _leave_nothing(engine: DockerEngine) -> None:
    """Kill and remove what this run has on the engine."""
    with closing(engine):
        for container in engine.containers():
            engine.kill(container.name)
            engine.remove(container.name)
        for job, trial in engine.volumes():
            engine.remove_volume(job, trial)
