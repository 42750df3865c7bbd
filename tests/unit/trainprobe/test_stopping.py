"""Trainings that promise nothing are ended, and the script goes on to its evaluation."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.unit.trainprobe.probing import Finished, Trial
from trainprobe.task import EarlyStop
from trainprobe.training.stopping import why_stop

MEDIAN = EarlyStop("median", "loss", "minimize", reference=(1.0, 0.8, 0.6, 0.4), grace=2)
PATIENCE = EarlyStop("patience", "val_accuracy", "maximize", patience=3, grace=2)

SCRIPT = """
import numpy as np
import keras

X = np.linspace(-1, 1, 40).reshape(-1, 1).astype('float32')
Y = (X[:, 0] > 0).astype('int32')
model = keras.Sequential([keras.layers.Dense(2, activation='softmax')])
model.compile(keras.optimizers.SGD({rate}), 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(X, Y, epochs=8, verbose=0, callbacks={callbacks})
print('Test accuracy:', model.evaluate(X, Y, verbose=0)[1])
"""


def why(stop: EarlyStop, points: Sequence[float], **others: Sequence[float]) -> str:
    """Return why a training with these points of its curve is ended."""
    return why_stop(stop, {stop.curve: points, **others}, len(points))


@pytest.mark.parametrize(
    ("points", "ends"),
    [
        pytest.param([2.0], False, id="within its grace"),
        pytest.param([2.0, 0.9], True, id="worse"),
        pytest.param([2.0, 0.8], False, id="as good"),
        pytest.param([0.7, 0.9], False, id="its best counts"),
        pytest.param([0.9, 0.7, 0.5, 0.3, 9.0], False, id="longer than the others"),
    ],
)
def test_median(points: list[float], ends: bool) -> None:  # noqa: FBT001
    """Worse, at its best, than the median earlier trial by the same epoch."""
    assert bool(why(MEDIAN, points)) == ends


def test_median_of_every_other_epoch() -> None:
    """In between nothing is compared."""
    stop = EarlyStop("median", "loss", "minimize", reference=(0.5, 0.4), every=2, grace=1)

    assert [bool(why(stop, [1.0] * epoch)) for epoch in range(1, 6)] == [False, True, False, True, False]


@pytest.mark.parametrize(
    ("points", "ends"),
    [
        pytest.param([0.5, 0.4, 0.4], False, id="two epochs without"),
        pytest.param([0.5, 0.4, 0.4, 0.5], True, id="three without, the best only equalled"),
        pytest.param([0.5, 0.4, 0.4, 0.6], False, id="improved"),
    ],
)
def test_patience(points: list[float], ends: bool) -> None:  # noqa: FBT001
    """Not better than its best for so many epochs."""
    assert bool(why(PATIENCE, points)) == ends


@pytest.mark.parametrize(
    "rule", [MEDIAN, PATIENCE, EarlyStop("median", "loss", "minimize"), EarlyStop("patience", "x", "minimize")]
)
def test_a_loss_that_is_no_number_ends_it_at_once(rule: EarlyStop) -> None:
    """Also without anything to compare with, and before the grace is over."""
    assert why_stop(rule, {"loss": [math.nan]}, 1) == "the loss became NaN"


@pytest.mark.parametrize("rule", [EarlyStop("median", "loss", "minimize"), EarlyStop("patience", "loss", "minimize")])
def test_nothing_to_compare_with_ends_nothing(rule: EarlyStop) -> None:
    """However bad it is."""
    assert why(rule, [9.0] * 1000) == ""


def test_a_curve_with_gaps_is_not_judged() -> None:
    """As with `validation_freq=2`; nor one that is not there."""
    assert why_stop(PATIENCE, {"val_accuracy": [0.5] * 6}, 12) == ""
    assert why_stop(PATIENCE, {"loss": [0.5] * 12}, 12) == ""


def run(root: Path, *, rate: float = 0.01, callbacks: str = "[]", **stop: Any) -> tuple[Trial, Finished]:
    """Train under the probe by this rule."""
    text = SCRIPT.format(rate=rate, callbacks=callbacks)
    trial = Trial(root / "trial", {"train.py": text}, task={"early_stop": stop} if stop else {})
    return trial, trial.run()


def test_the_script_goes_on_to_its_evaluation(tmp_path: Path) -> None:
    """A stopped training has an accuracy like any other; facts and events say that the probe ended it, and why."""
    rule: dict[str, Any] = {
        "rule": "median",
        "curve": "loss",
        "direction": "minimize",
        "reference": [0.0] * 8,
        "grace": 3,
    }
    trial, finished = run(tmp_path, **rule)

    assert [event["epoch"] for event in trial.events(1) if event["event"] == "epoch"] == [1, 2, 3]
    (stopped,) = [event for event in trial.events(1) if event["event"] == "stopped"]
    assert (stopped["epoch"], "median" in stopped["why"]) == (3, True)
    assert finished.result["facts"]["training"]["stopped_by_probe"] is True
    assert finished.measurement["metric"] == "accuracy"


def test_without_a_rule_nothing_is_ended(tmp_path: Path) -> None:
    """The author's own trial, above all, also where its loss is no number."""
    trial, finished = run(tmp_path, rate=1e30)

    assert len([event for event in trial.events(1) if event["event"] == "epoch"]) == 8
    assert "stopped_by_probe" not in finished.result["facts"].get("training", {})
