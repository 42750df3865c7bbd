"""Runs one small script a pattern, and compares what was measured with what the script itself says it should be."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.pythons.others import python_with
from tests.unit.trainprobe.probing import LIMIT, Finished, Trial, probe

ONE_THREAD = {"OMP_NUM_THREADS": "1"}  # where several processes share the cores, more of them wait for each other
DATA = """
import numpy as np

rng = np.random.default_rng(5)
X = rng.normal(size=(120, 4)).astype('float32')
y = (X[:, 0] + 0.5 * rng.normal(size=120) > 0).astype('int32')
X_train, y_train, X_val, y_val, X_test, y_test = X[:70], y[:70], X[70:90], y[70:90], X[90:], y[90:]


def expect(value):
    with open('expected', 'w') as stream:
        stream.write(repr(float(value)))
"""
NETWORK = """
import keras
import tensorflow as tf
from keras import layers


def network(*metrics):
    model = keras.Sequential([layers.Input((4,)), layers.Dense(1, activation='sigmoid')])
    model.compile(optimizer='sgd', loss='binary_crossentropy', metrics=list(metrics) or ['accuracy'])
    return model


def rate(model, X, y):
    return np.mean((np.asarray(model(X))[:, 0] > 0.5) == y)


model = network()
"""


class Scripts:
    """Runs scripts one after another."""

    def __init__(self, root: Path) -> None:
        """Give each script a folder below *root*."""
        self._root = root
        self._number = 0

    def run(self, script: str, **task: object) -> Finished:
        """Run *script* behind some data, or behind a network too where it uses one."""
        self._number += 1
        text = DATA + (NETWORK if "model" in script or "keras" in script else "") + script
        trial = Trial(self._root / str(self._number), {"train.py": text}, task=task)
        ended = trial.run()
        assert "probe_error" not in [event["event"] for event in trial.events(1)], trial.events(1)
        return ended


@dataclass(frozen=True)
class Python:
    """An interpreter that has the library that the scripts import."""

    path: str

    @classmethod
    def with_library(cls, library: str) -> Python:
        """Return this one, or the one that the environment names; the test is skipped where neither has *library*."""
        return cls(python_with(library))

    def run(self, root: Path, script: str, *, data: str = DATA, **task: object) -> Finished:
        """Run *script* behind some data, in a folder below *root*."""
        trial = Trial(root, {"train.py": data + script}, task=task)
        done = subprocess.run(
            [self.path, "-m", "trainprobe", str(trial.prepare(1))],
            cwd=trial.root / "code",
            env={**os.environ, "PYTHONPATH": probe(), **ONE_THREAD},
            capture_output=True,
            text=True,
            check=False,
            timeout=LIMIT,
        )
        assert "probe_error" not in [event["event"] for event in trial.events(1)], trial.events(1)
        return Finished(trial.run_dir(1), done.returncode, done.stdout, done.stderr)


def expected(run: Finished) -> float:
    """Return the value that the script said should be found."""
    path = run.folder.parent / "code" / "expected"
    assert path.exists(), run.stdout
    return float(path.read_text())
