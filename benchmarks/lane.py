"""The trainer and the monitor of one Trainyard, on a bus in memory and the Docker engine, to run single trials on."""

from __future__ import annotations

import subprocess
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from services.monitor import bootstrap as monitor
from services.trainer import bootstrap as trainer
from trainyard import marks
from trainyard.bundle import pack
from trainyard.bus.envelope import decode, encode
from trainyard.bus.memory import MemoryBus
from trainyard.engine.containers.engine import DockerEngine
from trainyard.engine.containers.images import DockerImages
from trainyard.engine.port import Container, container_name
from trainyard.messages import AccuracyMeasured, CodeReady, TrainingFailed
from trainyard.policy import Policy, Resources, in_bytes
from trainyard.service import run
from trainyard.storage import Storage
from trainyard.topology import BINDINGS
from trainyard.trial import Origin
from trainyard_cli import engines
from trainyard_cli.settings import CliSettings

LOOK_SECONDS = 0.5
LIMIT_SECONDS = 1800.0


@dataclass(frozen=True)
class Script:
    """What is trained: a name for the table, the files, and the command line."""

    name: str
    files: Mapping[str, bytes]
    entrypoint: str
    args: tuple[str, ...] = ()

    @classmethod
    def of(cls, folder: Path, entrypoint: str) -> Script:
        """Read an example."""
        files = {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}
        return cls(folder.name, files, entrypoint)

    @property
    def policy(self) -> Policy:
        """What its author asks for."""
        return Policy(entrypoint=self.entrypoint, args=self.args)


class Lane:
    """Runs one trial after another, as the services do; a context."""

    def __init__(self, root: Path) -> None:
        """Keep storage below *root*."""
        settings = CliSettings()
        self.images: DockerImages = engines.training_images(settings)
        self.storage = Storage(str(root / "storage"))
        self.engine = DockerEngine(
            settings.engine_url,
            probe=trainer.probe_folder(),
            installation=f"trainyard-bench-{uuid.uuid4().hex[:8]}",
            datasets=settings.trainer_datasets,
        )
        self._bus = MemoryBus()
        self._stop = threading.Event()
        services = [
            trainer.assemble(storage=self.storage, engine=self.engine, images=self.images, slots=1),
            monitor.assemble(storage=self.storage, engine=self.engine, every=LOOK_SECONDS),
        ]
        self._threads = [threading.Thread(target=run, args=(each, self._bus, self._stop)) for each in services]

    def __enter__(self) -> Self:
        """Start the services."""
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop them and leave nothing on the engine."""
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._bus.close()
        for container in self.engine.containers():
            self.engine.kill(container.name)
            self.engine.remove(container.name)
        if hasattr(self.engine, "keep_warm"):
            self.engine.keep_warm([], 0, 0.0)
        for job, trial in self.engine.volumes():
            self.engine.remove_volume(job, trial)
        self.engine.close()

    def trial(self, script: Script, meanwhile: Callable[[CodeReady], None] = lambda _: None) -> float:
        """Return the seconds from the order to train *script* until its accuracy is told.

        Raises:
            SystemExit: It failed; says why.
        """
        bundle = self.storage.put_blob(pack(script.files))
        job = f"bench-{uuid.uuid4().hex[:8]}"
        message = CodeReady(job=job, bundle=bundle, policy=script.policy, origin=Origin(code=script.name))
        consumer = self._bus.consume(BINDINGS["evaluator"].queue)
        began = time.monotonic()
        self._bus.publish(encode(message, app="benchmark"))
        meanwhile(message)
        while time.monotonic() - began < LIMIT_SECONDS:
            delivery = consumer.get(timeout=1.0)
            told = decode(delivery.envelope) if delivery else None
            if delivery:
                delivery.ack()
            if isinstance(told, AccuracyMeasured | TrainingFailed) and told.job == job:
                seconds = time.monotonic() - began
                consumer.close()
                self.storage.mark(marks.decided(job, 1))
                if isinstance(told, TrainingFailed):
                    raise SystemExit(f"{script.name}: {told.result.failure}")
                return seconds
        raise SystemExit(f"{script.name}: not done after {LIMIT_SECONDS:g} s")

    def found(self, message: CodeReady, run_number: int = 1) -> Container | None:
        """Return the container of a run, once there is one."""
        return self.engine.find(container_name(message.job, 1, run_number))


def bare(script: Script, image: str, folder: Path) -> float:
    """Return the seconds that a bare `docker run` of *script* takes, under the limits that a trial has."""
    for name, data in script.files.items():
        (folder / name).write_bytes(data)
    command = " ".join(["cp -r /example /tmp/example && cd /tmp/example && python", script.entrypoint, *script.args])
    memory = str(in_bytes(Resources().memory))
    limits = ["--memory", memory, "--memory-swap", memory, "--volume", f"{folder}:/example:ro"]
    began = time.monotonic()
    subprocess.run(
        ["docker", "run", "--rm", *limits, "--entrypoint", "sh", image, "-c", command], check=True, capture_output=True
    )
    return time.monotonic() - began
