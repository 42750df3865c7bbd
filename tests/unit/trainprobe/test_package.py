"""The package itself: it must run beside any script, on the oldest image."""

import ast
import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic_core import from_json

from tests.unit.trainprobe.probing import PACKAGE
from trainprobe.files import write_json
from trainprobe.patching.imports import ImportWatcher

FILES = sorted(PACKAGE.rglob("*.py"))


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


class TestThePackage:
    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_is_written_in_the_python_of_the_oldest_image(self, path: Path) -> None:
        """Python 3.7 can read it."""
        ast.parse(path.read_text(), feature_version=(3, 7))

    @pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
    def test_needs_the_standard_library_only(self, path: Path) -> None:
        """What it knows of Keras it takes from the script's own import."""
        assert set(imported(ast.parse(path.read_text()))) <= {*sys.stdlib_module_names, "trainprobe"}


class TestFiles:
    def test_text_that_is_no_unicode_is_written_as_json_that_every_reader_takes(self, tmp_path: Path) -> None:
        """A file's name in Latin-1 must not cost the run its result."""
        path = tmp_path / "result.json"

        write_json(path, {"artifacts": [{"path": os.fsdecode(b"mod\xe8le.h5")}], "message": "mod\u00e8le"})

        assert from_json(path.read_bytes()) == {"artifacts": [{"path": "mod?le.h5"}], "message": "modèle"}


class TestImportWatcher:
    def test_calls_after_the_module_was_executed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Not when somebody only looks whether it is there; once, with the module complete and its loader as it was."""
        (tmp_path / "watched_module.py").write_text("value = 1\n")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
        values: list[int] = []
        ImportWatcher({"watched_module": lambda module: values.append(module.value)}).install()

        assert importlib.util.find_spec("watched_module") is not None
        module = __import__("watched_module")

        assert values == [1]
        assert "exec_module" not in vars(module.__loader__)

    def test_handles_a_module_that_is_there_already(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Something else may have imported it first."""
        monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
        seen: list[str] = []

        ImportWatcher({"json": lambda module: seen.append(module.__name__)}).install()

        assert seen == ["json"]
