"""A trainer and a monitor that train cases as they train anybody's jobs, on one engine or the other."""

import contextlib
import threading
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from services.monitor import bootstrap as monitor
from services.monitor.domain import Limits
from services.trainer import bootstrap as trainer
from services.trainer.inspection.image.recipe import Provides
from tests.contract.engines import PROBE, URL, sweep
from tests.scripts.expectations import Case
from trainyard import marks
from trainyard.bundle import pack
from trainyard.bus.envelope import decode, encode
from trainyard.bus.memory import MemoryBus
from trainyard.engine.containers.datasets import DockerDatasets
from trainyard.engine.containers.engine import DockerEngine
from trainyard.engine.containers.images import DockerImages, NoImages
from trainyard.engine.containers.site import Site
from trainyard.engine.port import Container, Engine, Images, container_name
from trainyard.engine.processes.engine import ProcessEngine
from trainyard.messages import AccuracyMeasured, CodeReady, TrainingFailed
from trainyard.policy import FILE, read_policy
from trainyard.service import Service, run
from trainyard.storage import Storage
from trainyard.topology import BINDINGS
from trainyard.trial import Origin

ROOT = Path(__file__).parents[2]
TRAINING = ROOT / "images" / "training"
SLOTS = 2
BACKOFF_SECONDS = 0.2

Said = AccuracyMeasured | TrainingFailed


@dataclass
class ScriptYard:
    """What trains the cases, and what it said of them so far.

    Attributes:
        token: Keeps the jobs of one test run from those of another.
    """

    engine: Engine
    storage: Storage
    bus: MemoryBus
    token: str
    heard: dict[str, Said] = field(default_factory=dict)

    def submit(self, case: Case) -> None:
        """Publish what the fetcher would."""
        files = case.files()
        settings = files.get(FILE, b"").decode()
        message = CodeReady(
            job=self.job(case),
            bundle=self.storage.put_blob(pack(files)),
            policy=read_policy(settings),
            origin=Origin(code=f"https://host/user/{case.name}.git", title=case.name),
        )
        self.bus.publish(encode(message, app="test"))

    def said(self, case: Case, timeout: float) -> Said | None:
        """Wait for how a case's training ended; what is said of others meanwhile is kept for their tests."""
        job = self.job(case)
        with contextlib.closing(self.bus.consume(BINDINGS["evaluator"].queue)) as consumer:
            while job not in self.heard and (delivery := consumer.get(timeout=timeout)):
                delivery.ack()
                message = decode(delivery.envelope)
                if isinstance(message, AccuracyMeasured | TrainingFailed):
                    self.heard[message.job] = message
        return self.heard.get(job)

    def decide(self, case: Case) -> None:
        """Do as the evaluator does, so that container and volume go."""
        self.storage.mark(marks.decided(self.job(case), 1))

    def container(self, case: Case, number: int = 1) -> Container | None:
        """Return one of the case's runs."""
        return self.engine.find(container_name(self.job(case), 1, number))

    def printed(self, case: Case) -> str:
        """Return what the script printed last, for a test that failed."""
        job = self.job(case)
        runs = [each for each in self.engine.containers() if each.message.job == job]
        said = self.heard.get(job)
        tail = said.result.failure.log_tail if said and said.result.failure else ""
        return "\n".join(self.engine.logs(each, 30) for each in runs) or tail

    def job(self, case: Case) -> str:
        """Name the case's job."""
        return f"{self.token}-{case.name}"


@contextlib.contextmanager
def in_processes(folder: Path, python: str, provides: Provides, datasets: Path | None = None) -> Iterator[ScriptYard]:
    """Train one case at a time in a process of *python*, which has the modules that *provides* knows.

    Args:
        folder: Where all of it lies.
        python: The interpreter.
        provides: Returns whether it has a module.
        datasets: The folder with the data sets that every training finds.
    """
    engine = ProcessEngine(
        str(folder / "runs"), probe=PROBE, python=python, datasets=str(datasets) if datasets else None
    )
    with contextlib.closing(engine), _services(engine, NoImages(), folder, "here", 1, provides) as yard:
        yield yard


@contextlib.contextmanager
def in_images(
    api: Any, folder: Path, *, slots: int = SLOTS, datasets: Mapping[str, str] | None = None
) -> Iterator[ScriptYard]:
    """Train cases in their images on this machine's Docker engine, where nothing is left behind.

    Args:
        api: The engine, by its own library.
        folder: Where storage lies.
        slots: How many train at once.
        datasets: Files of data sets that every training finds, path in the volume to path here.
    """
    token = f"s{uuid.uuid4().hex[:8]}"
    volume = f"{token}-datasets" if datasets else ""
    with contextlib.ExitStack() as stack:
        stack.callback(_sweep, api, token, volume)
        if datasets:
            stack.enter_context(contextlib.closing(DockerDatasets(URL, volume))).add(datasets)
        engine = DockerEngine(URL, probe=PROBE, installation=token, datasets=volume)
        stack.callback(engine.close)
        site = Site(wheels=str(ROOT / ".trainyard" / "wheels"))
        images = stack.enter_context(contextlib.closing(DockerImages(URL, str(TRAINING), site=site)))
        yield stack.enter_context(_services(engine, images, folder, token, slots))


@contextlib.contextmanager
def _services(
    engine: Engine, images: Images, folder: Path, token: str, slots: int, provides: Provides | None = None
) -> Iterator[ScriptYard]:
    """Run the services; leaving ends them."""
    stop, storage = threading.Event(), Storage(str(folder / "storage"))
    limits = Limits(max_runs=3, backoff=BACKOFF_SECONDS)
    with contextlib.closing(MemoryBus()) as bus:
        services = [
            trainer.assemble(storage=storage, engine=engine, images=images, slots=slots, provides=provides),
            monitor.assemble(engine=engine, storage=storage, limits=limits, every=1),
        ]
        threads = [_started(service, bus, stop) for service in services]
        try:
            yield ScriptYard(engine, storage, bus, token)
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _started(service: Service, bus: MemoryBus, stop: threading.Event) -> threading.Thread:
    thread = threading.Thread(target=run, args=(service, bus, stop), name=service.name)
    thread.start()
    return thread


def _sweep(api: Any, token: str, volume: str) -> None:
    sweep(api, token)
    if volume:
        api.remove_volume(volume)
