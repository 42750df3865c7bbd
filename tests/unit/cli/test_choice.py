"""Which engine an embedded run uses."""

from pathlib import Path

import pytest

from trainyard_cli.choices import EngineChoice
from trainyard_cli.embedded.choice import choose, imports
from trainyard_cli.engines import NoDocker
from trainyard_cli.errors import CommandError


def docker_is_there() -> NoDocker | None:
    """A Docker engine that answers."""
    return None


def docker_is_away() -> NoDocker | None:
    """None that answers."""
    return NoDocker("nothing listens at /var/run/docker.sock", "Start it.")


@pytest.fixture
def code(tmp_path: Path) -> Path:
    (tmp_path / "train.py").write_text("import os\nimport helper\nfrom sklearn.svm import SVC\nfrom . import x\n")
    (tmp_path / "helper.py").write_text("import numpy as np\n")
    return tmp_path


class TestChoose:
    def test_trains_here_when_all_imports_are_here(self, code: Path) -> None:
        """Child processes start at once and need no image."""
        chosen = choose(EngineChoice.auto, code, docker=docker_is_there, importable=lambda _: True)

        assert chosen.engine is EngineChoice.process
        assert "everything that the script imports is installed here" in chosen.why

    def test_uses_docker_when_an_import_is_not_here(self, code: Path) -> None:
        """It says which import decided it."""
        chosen = choose(EngineChoice.auto, code, docker=docker_is_there, importable=lambda module: module != "sklearn")

        assert chosen.engine is EngineChoice.docker
        assert chosen.why == "trains in Docker containers: sklearn is not installed here"

    def test_counts_what_a_notebook_imports(self, tmp_path: Path) -> None:
        """It is run as a script is."""
        (tmp_path / "a.ipynb").write_text('{"cells": [{"cell_type": "code", "source": "%time\\nimport torch"}]}')

        chosen = choose(EngineChoice.auto, tmp_path, docker=docker_is_there, importable=lambda name: name != "torch")

        assert chosen.why == "trains in Docker containers: torch is not installed here"

    @pytest.mark.parametrize(("settings", "engine"), [({}, "process"), ({"entrypoint": "serve.py"}, "docker")])
    def test_counts_the_script_to_run_alone(self, code: Path, settings: dict[str, str], engine: str) -> None:
        """What lies beside it, and what it can do without, does not matter."""
        (code / "train.py").write_text(
            "import helper\ntry:\n    import flask\nexcept ImportError:\n    pass\nm.fit(1, 2)\n"
        )
        (code / "serve.py").write_text("import flask\n")

        chosen = choose(
            EngineChoice.auto, code, settings, docker=docker_is_there, importable=lambda name: name != "flask"
        )

        assert chosen.engine is EngineChoice(engine)

    def test_trains_here_all_the_same_without_docker(self, code: Path) -> None:
        """The script may not need the import after all; what is missing and where is said."""
        chosen = choose(EngineChoice.auto, code, docker=docker_is_away, importable=lambda module: module != "sklearn")

        assert chosen.engine is EngineChoice.process
        assert "although sklearn (train.py:3) is not installed here" in chosen.why
        assert "nothing listens at /var/run/docker.sock" in chosen.why

    def test_refuses_docker_that_does_not_answer(self, code: Path) -> None:
        """Who asks for Docker gets Docker or an error with its remedy."""
        with pytest.raises(CommandError, match=r"nothing listens.*Start it. Or use `--engine process`"):
            choose(EngineChoice.docker, code, docker=docker_is_away)

    def test_does_as_asked(self, code: Path) -> None:
        """--engine process needs no reason."""
        chosen = choose(EngineChoice.process, code, docker=docker_is_there, importable=lambda _: False)

        assert chosen.engine is EngineChoice.process

    def test_expects_the_usual_libraries_of_code_that_is_not_here_yet(self) -> None:
        """Of a git URL nothing is known before it is fetched."""
        chosen = choose(EngineChoice.auto, None, docker=docker_is_there, importable=lambda module: module != "keras")

        assert chosen.engine is EngineChoice.docker


class TestImports:
    def test_names_foreign_modules_with_file_and_line(self, code: Path) -> None:
        """The standard library and the author's own modules are not foreign."""
        assert [(each.module, each.file, each.line) for each in imports(code, {})] == [
            ("sklearn", "train.py", 3),
            ("numpy", "helper.py", 1),
        ]

    def test_passes_over_a_script_that_does_not_parse(self, tmp_path: Path) -> None:
        """The trainer reports it, with its line."""
        (tmp_path / "broken.py").write_text("import numpy\nif:\n")

        assert list(imports(tmp_path, {})) == []

    def test_passes_over_environments(self, tmp_path: Path) -> None:
        """What lies in .venv is not the author's code."""
        (tmp_path / ".venv").mkdir()
        (tmp_path / ".venv" / "torch.py").write_text("import nothing_of_ours\n")

        assert list(imports(tmp_path, {})) == []
