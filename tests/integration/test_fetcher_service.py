"""The fetcher as it runs: a bus, its page over HTTP, real repositories."""

import contextlib
import io
import json
import tarfile
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from services.fetcher.bootstrap import assemble
from services.fetcher.ports import Repository
from tests.unit.fetcher.repositories import Checkout
from trainyard.bundle import unpack
from trainyard.bus.envelope import decode, encode
from trainyard.bus.memory import MemoryBus
from trainyard.messages import CodeReady, CodeSubmitted, Message, TrainingFailed
from trainyard.pages import serving
from trainyard.service import run
from trainyard.storage import Storage
from trainyard.topology import BINDINGS


@dataclass
class Scene:
    """A fetcher that runs, and whoever hears it."""

    checkout: Checkout
    storage: Storage
    bus: MemoryBus
    port: int

    def told(self) -> Message | None:
        """Return the next message that the evaluator gets."""
        with contextlib.closing(self.bus.consume(BINDINGS["evaluator"].queue)) as consumer:
            delivery = consumer.get(timeout=20)
            if delivery is None:
                return None
            delivery.ack()
            return decode(delivery.envelope)

    def upload(self, body: bytes) -> str:
        """Upload an archive and return what to submit."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/archives", data=body)
        with urllib.request.urlopen(request) as answer:  # noqa: S310  our own page
            return str(json.load(answer)["code"])


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    checkout, storage, stop = Checkout(tmp_path / "wines"), Storage(str(tmp_path / "storage")), threading.Event()
    checkout.commit({"train.py": "print(1)\n"})
    service = assemble(
        storage=storage, mirrors=str(tmp_path / "mirrors"), watched=[Repository(url=checkout.url)], every=0.1
    )
    with contextlib.closing(MemoryBus()) as bus, serving("127.0.0.1", 0, service.pages, lambda: None) as port:
        thread = threading.Thread(target=run, args=(service, bus, stop))
        thread.start()
        yield Scene(checkout, storage, bus, port)
        stop.set()
        thread.join()


class TestFetcher:
    def test_trains_what_is_pushed(self, scene: Scene) -> None:
        """The first look finds the tip, a later one the next push; both are jobs of that very commit."""
        first = scene.told()
        commit = scene.checkout.commit({"train.py": "print(2)\n"})
        second = scene.told()

        assert isinstance(first, CodeReady)
        assert isinstance(second, CodeReady)
        assert second.origin.commit == commit
        assert unpack(scene.storage.get_blob(second.bundle)) == {"train.py": b"print(2)\n"}
        assert first.job != second.job

    def test_trains_what_is_uploaded(self, scene: Scene) -> None:
        """An archive by HTTP, then the message that names it."""
        assert scene.told()
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
            entry = tarfile.TarInfo("train.py")
            entry.size = 5
            archive.addfile(entry, io.BytesIO(b"x = 1"))

        code = scene.upload(buffer.getvalue())
        scene.bus.publish(encode(CodeSubmitted(code=code, title="upload me"), app="test"))

        message = scene.told()
        assert isinstance(message, CodeReady)
        assert message.job.startswith("upload-me-")
        assert unpack(scene.storage.get_blob(message.bundle)) == {"train.py": b"x = 1"}

    def test_tells_what_cannot_be_trained_and_lives_on(self, scene: Scene) -> None:
        """A failure first, then the next submission as ever."""
        assert scene.told()
        scene.bus.publish(encode(CodeSubmitted(code="file:///nowhere"), app="test"))
        scene.bus.publish(encode(CodeSubmitted(code=scene.checkout.url, revision="main"), app="test"))

        failed, ready = scene.told(), scene.told()

        assert isinstance(failed, TrainingFailed)
        assert failed.result.failure is not None
        assert "/nowhere does not exist" in failed.result.failure.message
        assert isinstance(ready, CodeReady)
