"""Edited Keras scripts are trained for real, each with every edit that applies to it made on top of the others."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from services.tweaker.edits import on_keras
from services.tweaker.source.errors import NotUnderstoodError
from tests.pythons import forked
from tests.unit.tweaker import keras_scripts
from tests.unit.tweaker.editing import edited
from trainyard.trial import Setting

LIMIT_SECONDS = 600

SETTINGS: dict[str, Setting] = {
    "units": 16,
    "filters": 16,
    "dense_layer": 12,
    "dropout": 0.3,
    "momentum": 0.9,
    "activation": "relu",
    "initializer": "he_normal",
    "regularizer": 0.001,
    "rate_plateau": 3,
    "optimizer": "adam",
    "learning_rate": 0.02,
    "epochs": 2,
    "augment": "flip+shift+rotate+zoom",
    "batch_size": 8,
    "patience": 4,
}
OURS = tuple(edit.name for edit in on_keras.EDITS)

RUN_ALL = """
import json, sys
import keras
done = {}
for name, source in json.load(open("scripts.json")).items():
    try:
        exec(compile(source, name, "exec"), {"__name__": "__main__"})
        done[name] = ""
    except Exception as error:
        done[name] = f"{type(error).__name__}: {error}"
    keras.backend.clear_session()
for saved in ("model.keras", "model.h5"):
    keras.models.load_model(saved)
json.dump(done, open("done.json", "w"))
"""


def with_every_edit(source: bytes) -> tuple[bytes, frozenset[str]]:
    """Return the script after all edits that apply to it, one on top of the other, and their names."""
    made: set[str] = set()
    for name in OURS:
        try:
            after = edited(name, SETTINGS.get(name), source)
        except NotUnderstoodError:
            continue
        made |= {name} if after != source else set()
        source = after
    return source, frozenset(made)


@pytest.fixture(scope="module")
def everything() -> dict[str, tuple[bytes, frozenset[str]]]:
    """Every script with every edit."""
    return {name: with_every_edit(source) for name, source in keras_scripts.EVERY.items()}


def test_the_scripts_train_and_their_models_are_read_back(
    tmp_path: Path, everything: dict[str, tuple[bytes, frozenset[str]]]
) -> None:
    """What was edited is what Keras takes: layers fit together, losses fit labels, files are read back."""
    scripts = {name: source.decode() for name, (source, _) in everything.items()}
    (tmp_path / "scripts.json").write_text(json.dumps(scripts))

    ran = subprocess.run(
        [forked.python(), "-c", RUN_ALL],
        cwd=tmp_path,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )

    assert ran.returncode == 0, ran.stderr
    assert json.loads((tmp_path / "done.json").read_text()) == dict.fromkeys(scripts, "")


def test_no_edit_ships_that_is_not_trained(everything: dict[str, tuple[bytes, frozenset[str]]]) -> None:
    """Each edit of Keras networks is made in one of the scripts that are trained."""
    made = frozenset[str]().union(*(names for _, names in everything.values()))

    assert frozenset(OURS) - made == frozenset()
