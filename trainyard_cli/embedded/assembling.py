"""The services of one embedded run, with adapters that need nothing but this process."""

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
from trainyard_cli.jobs import Jobs, local_jobs
from trainyard_cli.settings import CliSettings

DOCKER = "docker"
"""A file in the session's folder that marks a run with containers."""

MONITOR_SECONDS = 0.5
"""How often the monitor looks at least; the end of the command may wait that long for it."""


@dataclass(frozen=True, slots=True)
class EmbeddedRun:
    """What one embedded run consists of.

    Attributes:
        jobs: What the evaluator knows.
        close: Ends what trains, and closes the engine.
        mailed: Set once the mail about the job was sent; None where no mail server is set.
    """

    bus: MemoryBus
    services: list[Service]
    jobs: Jobs
    close: Callable[[], None]
    mailed: threading.Event | None


@dataclass(frozen=True, slots=True)
class Training:
    """Where an embedded run trains; `close` is as in `EmbeddedRun`."""

    engine: Engine
    trainer: Service
    close: Callable[[], None]


def assemble(session: Path, choice: EngineChoice, settings: CliSettings) -> EmbeddedRun:
    """Build the services, which keep all their files in the folder *session*.

    Raises:
        EngineUnavailableError: Docker was chosen and does not answer.
    """
    storage = Storage(str(session / "storage"))
    jobs = evaluator.assemble(ledger=evaluator.open_ledger(f"sqlite:///{session / 'ledger.db'}"), storage=storage)
    training = (containers if choice is EngineChoice.docker else processes)(session, storage, settings)
    mailed = threading.Event() if settings.notifier_smtp_url else None
    services = [
        fetcher.assemble(storage=storage, mirrors=str(session / "mirrors")),
        training.trainer,
        jobs,
        tweaker.assemble(storage=storage),
        monitor.assemble(storage=storage, engine=training.engine, every=MONITOR_SECONDS),
        *([mailing(session, mailed)] if mailed else []),
    ]
    return EmbeddedRun(MemoryBus(), services, local_jobs(jobs.pages["/jobs"]), training.close, mailed)


def processes(session: Path, storage: Storage, settings: CliSettings) -> Training:
    """Train in child processes that end with this one; without a folder of data sets, they use those of this user."""
    datasets = settings.trainer_datasets if is_folder(settings.trainer_datasets) else None
    engine = ProcessEngine(str(session / "runs"), probe=trainer.probe_folder(), datasets=datasets)
    service = trainer.assemble(
        storage=storage,
        engine=engine,
        images=NoImages(),
        slots=1,
        provides=engines.is_installed,
        variables=frozenset(os.environ),
    )
    return Training(engine, service, engine.close)


def containers(session: Path, storage: Storage, settings: CliSettings) -> Training:
    """Train in Docker, apart from other installations on that engine; nothing is left there at the end."""
    (session / DOCKER).touch()
    engine = _docker(session, settings)
    service = trainer.assemble(storage=storage, engine=engine, images=engines.training_images(settings), slots=1)
    return Training(engine, service, partial(_remove_all, engine))


def mailing(session: Path, mailed: threading.Event) -> Service:
    """Return the notifier as configured; *mailed* is set once it has sent its mail."""
    from services.notifier import bootstrap as notifier
    from services.notifier.settings import NotifierSettings

    inbox = f"sqlite:///{session / 'inbox.db'}"
    service = notifier.build(NotifierSettings(storage=str(session / "storage"), notifier_inbox=inbox))

    def send(message: JobFinished) -> Iterator[Message]:
        yield from service.handlers[JobFinished](message)
        mailed.set()

    return replace(service, handlers={JobFinished: send})


def clean(session: Path, settings: CliSettings) -> None:
    """Remove what a run that was killed left on the Docker engine.

    Raises:
        EngineUnavailableError: The engine does not answer.
    """
    if (session / DOCKER).exists():
        _remove_all(_docker(session, settings))


def _docker(session: Path, settings: CliSettings) -> DockerEngine:
    """Return the engine as the installation of the one run that *session* belongs to."""
    installation = f"trainyard-run-{session.name}"
    return DockerEngine(
        settings.engine_url,
        probe=trainer.probe_folder(),
        installation=installation,
        datasets=settings.trainer_datasets,
    )


def _remove_all(engine: DockerEngine) -> None:
    with closing(engine):
        for container in engine.containers():
            engine.kill(container.name)
            engine.remove(container.name)
        for job, trial in engine.volumes():
            engine.remove_volume(job, trial)
