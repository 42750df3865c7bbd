"""Data sets that all trainings read and none can change."""

import json
from pathlib import Path
from typing import Any

from tests.contract.engines import MEASURES, PROBE, URL, Yard, docker_api, docker_yard, process_yard
from trainyard.engine.containers.engine import DockerEngine
from trainyard.engine.processes.engine import ProcessEngine

__all__ = ["docker_api", "docker_yard", "process_yard"]  # fixtures

LOOKS = (
    "import json, os\n"
    "folder = json.load(open('../r1/task.json'))['datasets']\n"
    "print('found', sorted(os.listdir(folder)))\n"
    "try:\n    open(folder + '/new', 'w')\nexcept OSError as error:\n    print(error.strerror)\n" + MEASURES
)


class TestDocker:
    def test_mounts_the_volume_read_only(self, docker_yard: Yard, docker_api: Any) -> None:
        """What one training could write there, every other would read."""
        name = docker_yard.job
        docker_api.create_volume(name, labels={"trainyard.installation": name})
        engine = DockerEngine(URL, probe=PROBE, installation=name, datasets=name)

        container = docker_yard.ended(engine.start(docker_yard.spec(LOOKS)))

        assert engine.logs(container).splitlines()[:2] == ["found []", "Read-only file system"]
        assert engine.volumes() == [(docker_yard.job, 1)], "the data sets' volume is no trial's"
        engine.close()

    def test_without_a_volume_there_are_none(self, docker_yard: Yard) -> None:
        """The task says so, and the probe leaves everything as it is."""
        container = docker_yard.engine.start(docker_yard.spec())

        assert json.loads(docker_yard.engine.read(container, "r1/task.json") or b"")["datasets"] is None


class TestProcesses:
    def test_are_told_of_the_folder(self, process_yard: Yard, tmp_path: Path) -> None:
        """A folder takes the volume's place; only its own rights protect it."""
        (tmp_path / "sets" / "keras").mkdir(parents=True)
        engine = ProcessEngine(str(tmp_path / "other"), probe=PROBE, datasets=str(tmp_path / "sets"))

        container = engine.start(process_yard.spec())

        assert json.loads(engine.read(container, "r1/task.json") or b"")["datasets"] == str(tmp_path / "sets")
        engine.close()
