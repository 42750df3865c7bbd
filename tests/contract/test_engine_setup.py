"""What is done for a script before it starts is done by every engine: it comes in the task."""

import dataclasses

from tests.contract.engines import Yard, docker_api, docker_yard, process_yard, yard
from trainyard.engine.port import Setup
from trainyard.engine.verdict import read_result

__all__ = ["docker_api", "docker_yard", "process_yard", "yard"]  # fixtures

SCRIPT = """
import os, sys
import helpers

name = input("your name? ")
rows = open("/root/ws/data.csv").read().split()
open("out/models/model.txt", "w").write(name)
print(name, rows, helpers.SAYS, sys.argv[1:], os.path.basename(os.getcwd()), os.environ["MINE"])
accuracy = len(rows) / 4
"""


class TestSetup:
    def test_a_script_finds_what_it_takes_for_granted(self, yard: Yard) -> None:
        """Input, paths of its author's machine, folders, modules in src, its command line, folder and variables."""
        files = {"data.csv": b"1 2 3", "src/helpers.py": b"SAYS = 'here'\n"}
        spec = dataclasses.replace(
            yard.spec(SCRIPT, files=files),
            args=("--fast",),
            environment={"MINE": "1"},
            setup=Setup(
                stdin="ada\n",
                paths={"/root/ws/data.csv": "data.csv"},
                folders=("out/models",),
                pythonpath=("src",),
            ),
        )

        container = yard.ended(yard.engine.start(spec))

        result = read_result(yard.engine, container)
        assert result is not None, yard.engine.logs(container)
        assert result.measurement.value == 0.75
        assert "ada ['1', '2', '3'] here ['--fast'] code 1" in yard.engine.logs(container)
        assert yard.engine.read(container, "code/out/models/model.txt") == b"ada"
