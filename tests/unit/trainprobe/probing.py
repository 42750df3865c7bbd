"""Runs scripts under the probe as the engine does: own process, the package beside the code."""

from __future__ import annotations

import atexit
import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import trainprobe
from tests.pythons import forked

PACKAGE = Path(trainprobe.__file__).parent
COMPAT = ["keras", "numpy", "pandas", "sklearn"]  # all that the probe serves in an older version
LIMIT = 240.0  # seconds a script may take, where others use the cores too
LIBRARIES = re.compile("keras|tensorflow|sklearn|numpy|pandas")


@functools.cache
def probe() -> str:
    """Return a folder with nothing but the probe's package in it, one for each process of pytest."""
    folder = tempfile.mkdtemp(prefix="probe-")
    atexit.register(shutil.rmtree, folder)
    shutil.copytree(PACKAGE, Path(folder, "trainprobe"), ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@dataclass
class Trial:
    """One trial's folder, in which runs of a script are started one after another."""

    root: Path
    files: dict[str, str]
    entrypoint: str = "train.py"
    task: dict[str, Any] = field(default_factory=dict)

    def start(self, run: int = 1, parent: int | None = None) -> subprocess.Popen[str]:
        """Fill code/ and start the probe, as for run number *run*; *parent* is a pipe that ends with the engine."""
        task = self.prepare(run)
        found = os.pathsep.join((probe(), str(self.root / "probe")))  # there a test may put what counts as installed
        environment = {**os.environ, "PYTHONPATH": found, "TF_CPP_MIN_LOG_LEVEL": "3"}
        if parent is not None:
            environment["TRAINYARD_PARENT_FD"] = str(parent)
        return subprocess.Popen(
            [self._python(), "-m", "trainprobe", str(task)],
            cwd=self.root / "code",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            pass_fds=() if parent is None else (parent,),
        )

    def prepare(self, run: int) -> Path:
        """Fill code/, make the folder of run number *run* and return its task file."""
        self._fill()
        folder = self.run_dir(run)
        folder.mkdir()
        (folder / "task.json").write_text(json.dumps({**self._defaults(run), **self.task}))
        return folder / "task.json"

    def run(self, run: int = 1) -> Finished:
        """Start the probe and wait for its end."""
        process = self.start(run)
        stdout, stderr = process.communicate(timeout=LIMIT)
        return Finished(self.run_dir(run), process.returncode, stdout, stderr)

    def run_dir(self, run: int) -> Path:
        """Return where run number *run* leaves its files."""
        return self.root / f"r{run}"

    def events(self, run: int) -> list[dict[str, Any]]:
        """Return the complete lines that run number *run* has told so far."""
        path = self.run_dir(run) / "epochs.jsonl"
        text = path.read_text() if path.exists() else ""
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def copy(self, root: Path) -> Trial:
        """Return a second trial in the same state."""
        shutil.copytree(self.root, root)
        return Trial(root, self.files, self.entrypoint, self.task)

    def _python(self) -> str:
        """Return an interpreter in which the libraries are imported already, if the script would import them in it."""
        in_a_kernel = not self.entrypoint.endswith(".py")
        brings_some = any(map(LIBRARIES.match, self.files))  # a stand-in that it must find instead
        wants_some = LIBRARIES.search("".join(self.files.values()))
        return forked.python() if wants_some and not brings_some and not in_a_kernel else sys.executable

    def _fill(self) -> None:
        code = self.root / "code"  # what an earlier run left in it stays, as in an engine's volume
        for name, text in self.files.items():
            (code / name).parent.mkdir(parents=True, exist_ok=True)
            (code / name).write_text(text)

    def _defaults(self, run: int) -> dict[str, Any]:
        return {
            "version": 1,
            "entrypoint": self.entrypoint,
            "args": [],
            "workdir": ".",
            "code": str(self.root / "code"),
            "checkpoints": str(self.root / "checkpoints"),
            "run_dir": str(self.run_dir(run)),
            "run": run,
            "seed": 7,
            "metric": None,
            "metrics_files": [],
        }


@dataclass(frozen=True)
class Finished:
    """What a run left behind."""

    folder: Path
    code: int
    stdout: str
    stderr: str

    @property
    def result(self) -> dict[str, Any]:
        """The content of result.json; a failure shows what the script said instead."""
        assert (self.folder / "result.json").exists(), f"no result; exit {self.code}\n{self.stdout}\n{self.stderr}"
        return dict(json.loads((self.folder / "result.json").read_text()))

    @property
    def error(self) -> dict[str, Any]:
        """The content of error.json, beside which there must be no result."""
        assert not (self.folder / "result.json").exists()
        return dict(json.loads((self.folder / "error.json").read_text()))

    @property
    def measurement(self) -> dict[str, Any]:
        """The measurement that was chosen."""
        return dict(self.result["measurement"])

    def found(self) -> list[tuple[str, str]]:
        """Return data and source of every measurement, the chosen one first."""
        every: Sequence[dict[str, Any]] = [self.result["measurement"], *self.result["alternatives"]]
        return [(one["data"], one["source"]) for one in every]


def wait_until(condition: Callable[[], object], *, limit: float = LIMIT) -> None:
    """Wait until *condition* holds.

    Raises:
        AssertionError: it did not within *limit* seconds.
    """
    end = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < end, "the condition did not come true in time"
        time.sleep(0.005)
