"""What the trainer's tests work with: real storage, and twins of engine and images."""

from pathlib import Path

import pytest

from services.trainer.inspection import inspect
from services.trainer.ports import Tools
from tests.unit.trainer import scripts
from tests.unit.trainer.twins import MemoryCounts, MemoryEngine, MemoryImages
from trainyard.bundle import pack
from trainyard.messages import CodeReady
from trainyard.storage import Storage
from trainyard.testing import a_code_ready


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "storage"))


@pytest.fixture
def engine() -> MemoryEngine:
    return MemoryEngine()


@pytest.fixture
def images() -> MemoryImages:
    return MemoryImages()


@pytest.fixture
def counts() -> MemoryCounts:
    return MemoryCounts()


@pytest.fixture
def tools(storage: Storage, engine: MemoryEngine, images: MemoryImages, counts: MemoryCounts) -> Tools:
    return Tools(storage, engine, images, counts, inspect, slots=2, now=lambda: 1000.0)


@pytest.fixture
def event(storage: Storage) -> CodeReady:
    """A request to train a KNN."""
    return a_code_ready(bundle=storage.put_blob(pack({"train.py": scripts.KNN.encode()})))
