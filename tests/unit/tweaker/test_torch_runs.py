"""Edited scripts of PyTorch are run: what an edit writes has to train."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.unit.trainprobe.patterns import ONE_THREAD, Python
from tests.unit.tweaker.editing import edited
from tests.unit.tweaker.torch_scripts import IMAGES, MODULE, ROWS, SEQUENTIAL
from trainyard.trial import Setting

EVERYTHING: list[tuple[str, Setting]] = [
    ("output", None),
    ("zero_grad", None),
    ("scale_inputs", None),
    ("units", 32),
    ("dense_layer", 32),
    ("dropout", 0.1),
    ("optimizer", "nadam"),
    ("learning_rate", 0.01),
    ("epochs", 60),
]
LITTLE = 0.85
MUCH = 0.9


def _accuracy(python: Python, folder: Path, script: bytes) -> float:
    """Run a script and return the accuracy that it prints."""
    (folder / "train.py").write_bytes(script)
    done = subprocess.run(
        [python.path, "train.py"],
        cwd=folder,
        env={**os.environ, **ONE_THREAD},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = re.search(r"accuracy:?\s*([0-9.]+)", done.stdout)
    assert found is not None, done.stdout
    return float(found.group(1))


@pytest.mark.parametrize("script", [SEQUENTIAL, MODULE, IMAGES], ids=["sequential", "class", "pictures"])
def test_a_script_with_every_edit_learns(script: bytes, tmp_path: Path) -> None:
    """Each on top of the others; without them it learns little."""
    python, changed = Python.with_library("torch, sklearn"), script

    for edit, setting in EVERYTHING:
        if edit != "zero_grad" or b"zero_grad" not in script:
            changed = edited(edit, setting, changed)

    assert _accuracy(python, tmp_path, script) < LITTLE
    assert _accuracy(python, tmp_path, changed) > MUCH


def test_inputs_are_scaled_in_a_loaded_model_too(tmp_path: Path) -> None:
    """Mean and standard deviation are saved with the weights; one row is enough, whatever mode the network is in."""
    python = Python.with_library("torch, sklearn")

    assert _accuracy(python, tmp_path, ROWS) < LITTLE
    assert _accuracy(python, tmp_path, edited("scale_inputs", None, ROWS)) > MUCH
