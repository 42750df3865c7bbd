"""The volume of data sets on a real engine: what goes in is what trainings find."""

import os
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.contract.engines import MEASURES, PROBE, URL, Yard, docker_api, docker_yard
from trainyard.engine.containers.datasets import LABEL, LIBRARIES, DockerDatasets
from trainyard.engine.containers.engine import DockerEngine
from trainyard_cli.choices import Library

__all__ = ["docker_api", "docker_yard"]  # fixtures

READS = """
import os
for name in ('keras/mnist.npz', 'keras/flowers/1.png'):
    print(name, os.path.getsize('/datasets/' + name))
"""


@pytest.fixture
def volume(docker_yard: Yard, docker_api: Any) -> Iterator[str]:
    """A volume of this test, removed after the containers that have it; nothing else is left behind."""
    name = f"{docker_yard.job}-datasets"
    yield name
    assert docker_api.containers(all=True, filters={"label": f"{LABEL}={name}"}) == []
    for container in docker_api.containers(all=True, filters={"volume": name}):
        docker_api.remove_container(container["Id"], force=True, v=True)
    docker_api.remove_volume(name)


class TestVolume:
    def test_trainings_find_what_was_added(self, docker_yard: Yard, volume: str, tmp_path: Path) -> None:
        """Whole and readable for the training's user, in folders too; a large file takes no memory for itself."""
        (tmp_path / "mnist.npz").write_bytes(os.urandom(3_000_001))
        (tmp_path / "1.png").write_bytes(b"png")
        with closing(DockerDatasets(URL, volume)) as datasets:
            datasets.add(
                {"keras/mnist.npz": str(tmp_path / "mnist.npz"), "keras/flowers/1.png": str(tmp_path / "1.png")}
            )
            found = datasets.files()
        engine = DockerEngine(URL, probe=PROBE, installation=docker_yard.job, datasets=volume)

        log = docker_yard.printed(engine.start(docker_yard.spec(READS + MEASURES)), "1.png")

        assert found == {"keras/mnist.npz": 3_000_001, "keras/flowers/1.png": 3}
        assert "keras/mnist.npz 3000001\nkeras/flowers/1.png 3" in log
        engine.close()

    def test_what_is_added_again_replaces_what_was_there(self, volume: str, tmp_path: Path) -> None:
        """And leaves the rest alone; a new volume holds nothing."""
        file = tmp_path / "iris.csv"
        with closing(DockerDatasets(URL, volume)) as datasets:
            before = datasets.files()
            file.write_bytes(b"old and long")
            datasets.add({"sklearn/iris.csv": str(file), "torch/iris.csv": str(file)})
            file.write_bytes(b"new")
            datasets.add({"sklearn/iris.csv": str(file)})

            assert (before, datasets.files()) == ({}, {"sklearn/iris.csv": 3, "torch/iris.csv": 12})

    def test_the_command_offers_every_folder_there_is(self) -> None:
        """One that the probe looks into cannot be forgotten by the command."""
        assert tuple(each.value for each in Library) == LIBRARIES

    def test_what_is_not_there_adds_nothing(self, volume: str, docker_api: Any, tmp_path: Path) -> None:
        """A file that cannot be read is told before anything is sent."""
        docker_api.create_volume(volume)

        with closing(DockerDatasets(URL, volume)) as datasets, pytest.raises(FileNotFoundError):
            datasets.add({"keras/x": str(tmp_path / uuid.uuid4().hex)})
