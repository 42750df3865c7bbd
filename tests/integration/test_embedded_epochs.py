"""A network that needs nothing but more epochs: the second trial trains only those, from the first one's weights."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.commands import trainyard

SCRIPT = """\
import keras
import numpy as np

rng = np.random.default_rng(1)
centres = rng.normal(size=(4, 6)) * 1.3
labels = rng.integers(0, 4, size=600)
inputs = (centres[labels] + rng.normal(size=(600, 6))).astype("float32")
inputs = (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)


class Count(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        with open("trained.txt", "a") as file:
            file.write(f"{epoch + 1}\\n")


model = keras.Sequential([keras.layers.Input((6,)), keras.layers.Dense(16, activation="relu"),
                          keras.layers.Dense(4, activation="softmax")])
model.compile(keras.optimizers.SGD(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(inputs[:400], labels[:400], epochs=8, verbose=0, callbacks=[Count()])
print("test accuracy", model.evaluate(inputs[400:], labels[400:], verbose=0)[1])
"""
POLICY = """\
threshold = 0.70
tweaks = ["epochs"]
confirm = 0
budget = { trials = 4 }
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with what the job delivered."""
    folder = tmp_path_factory.mktemp("epochs")
    (folder / "slow").mkdir()
    (folder / "slow" / "train.py").write_text(SCRIPT)
    (folder / "slow" / "trainyard.toml").write_text(POLICY)
    trainyard(folder, "run", "slow", "--engine", "process")
    (results,) = (folder / ".trainyard" / "jobs").iterdir()
    return results


def history(results: Path) -> list[dict[str, Any]]:
    """Return the trials."""
    return list(json.loads((results / "job.json").read_text())["history"])


def test_the_second_trial_goes_on_from_the_first(results: Path) -> None:
    """It was asked to, the probe says that it did, and its curves are those of the whole training."""
    first, second = history(results)

    assert first["warm"] is None
    assert (second["warm"]["trial"], second["warm"]["how"]) == (1, "continue")
    assert second["facts"]["warm"] == {"trial": 1, "how": "continue", "why": "it continues after 8 epochs"}
    longest = max(curve["epochs"] for curve in second["curves"])
    assert longest > 8
    assert [tweak["name"] for tweak in second["tweaks"]] == ["epochs"]


def test_it_trains_only_the_rest(results: Path) -> None:
    """The script itself saw no other epochs."""
    longest = max(curve["epochs"] for curve in history(results)[1]["curves"])

    trained = [int(line) for line in (results / "trained.txt").read_text().split()]

    assert trained == list(range(9, longest + 1))


def test_checkpoints_are_no_files_for_people(results: Path) -> None:
    """The model is, and what the script wrote."""
    assert {path.name for path in results.iterdir()} >= {"model.keras", "trained.txt"}
    assert not list(results.rglob("checkpoint*"))
