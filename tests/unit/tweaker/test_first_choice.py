"""What is tried first on scripts that beginners write: the whole way from facts and code to edits."""

from collections.abc import Sequence
from typing import Any

import pytest

from services.tweaker.search.decide import decide
from tests.unit.tweaker import scripts
from tests.unit.tweaker.builders import REST, SCALED, UNSCALED, a_trial, facts
from trainyard.policy import Policy
from trainyard.trial import DataKind

SLOW = [2.30, 2.27, 2.24, 2.21, 2.18, 2.15, 2.12, 2.09, 2.06, 2.03]
JUMPING = [0.9, 1.4, 0.7, 1.3, 0.6, 1.2, 0.7, 1.5, 0.8, 1.4]
FALLING = [1.0, 0.8, 0.6, 0.45, 0.35]
BYTES = {"rows": 60000, "shape": [28, 28], "unscaled": True, "overall": {"min": 0.0, "max": 255.0, "std": 78.0}}
TEN = {"classes": 10, "counts": [6000] * 10, "encoding": "integer"}
TENS = {"batch_size": 10, "steps": 70}
WIDE = scripts.ADDED.replace(b"Dense(3,", b"Dense(32,")
TINY_RATE = WIDE.replace(b"learning_rate=0.01", b"learning_rate=0.00001")
PRICES = b"""\
import keras
from data import x, y

model = keras.Sequential([keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "mse", metrics=["mae"])
model.fit(x, y, epochs=2)
"""


def regression() -> dict[str, Any]:
    """Return the facts of a network with a sigmoid at its end for prices, trained in twenty steps."""
    labels = {"encoding": "continuous", "width": 1, "distinct": 300, "lowest": 15.2, "highest": 480.0}
    known = facts(labels=labels, training={"steps": 10})
    known["model"] |= {"output": {"units": 1, "activation": "sigmoid", "width": 1}, "loss": "mean_squared_error"}
    return known


@pytest.mark.parametrize(
    ("source", "known", "losses", "value", "data", "first"),
    [
        pytest.param(WIDE, facts(UNSCALED), REST, 0.64, "test", {"scale_inputs": None}, id="a table as it is"),
        pytest.param(
            scripts.ADDED,
            facts(UNSCALED),
            REST,
            0.64,
            "train",
            {"scale_inputs": None, "units": 32},
            id="a table as it is, into three units",
        ),
        pytest.param(
            scripts.PICTURES, facts(BYTES, labels=TEN), FALLING, 0.85, "test", {"scale_inputs": 255}, id="bytes"
        ),
        pytest.param(
            PRICES,
            regression(),
            [900.0, 899.0],
            0.1,
            "test",
            {"output": "linear"},
            id="prices by a sigmoid, in no time",
        ),
        pytest.param(TINY_RATE, facts(), SLOW, 0.3, "test", {"learning_rate": 0.001}, id="a tiny learning rate"),
        pytest.param(
            scripts.FUNCTIONAL, facts(), JUMPING, 0.55, "test", {"learning_rate": 0.01}, id="a huge learning rate"
        ),
        pytest.param(WIDE, facts(training=TENS), FALLING, 0.8, "validation", {"epochs": 30}, id="stopped too early"),
        pytest.param(
            TINY_RATE,
            facts(),
            SLOW[:2],
            0.3,
            "test",
            {"learning_rate": 0.001, "epochs": 30},
            id="a tiny learning rate and hardly any steps",
        ),
        pytest.param(
            WIDE,
            facts(training_value=0.99),
            REST,
            0.8,
            "test",
            {"dropout": 0.3},
            id="learnt by heart",
        ),
        pytest.param(
            WIDE, facts(training_value=0.75), REST, 0.74, "test", {"units": 64}, id="too small for its own data"
        ),
        pytest.param(
            scripts.LISTED, facts(), REST, 0.64, "test", {"optimizer": "adam"}, id="one answer for everything"
        ),
        pytest.param(WIDE, facts(), REST, 0.64, "test", {"learning_rate": 0.001}, id="the same, at a high rate"),
        pytest.param(WIDE, facts(nan=True), [None, None], 0.36, "test", {"learning_rate": 0.001}, id="no number"),
        pytest.param(
            scripts.NEIGHBOURS,
            facts(UNSCALED, model="KNeighborsClassifier", layers=()),
            (),
            0.8,
            "test",
            {"scale_inputs": None, "neighbours": 5},
            id="neighbours on a table as it is",
        ),
        pytest.param(
            scripts.NEIGHBOURS,
            facts(SCALED, model="KNeighborsClassifier", layers=()),
            (),
            0.9,
            "test",
            {"neighbours": 5},
            id="a single neighbour",
        ),
        pytest.param(
            scripts.PIPELINE,
            facts({"rows": 178, "shape": [13]}, model="Pipeline", layers=("PCA", "KNeighborsClassifier")),
            (),
            0.7,
            "folds",
            {"neighbours": 7},
            id="far too many neighbours",
        ),
        pytest.param(
            scripts.SUPPORT_VECTORS,
            facts(UNSCALED, model="SVC", layers=()),
            (),
            0.7,
            "test",
            {"scale_inputs": None},
            id="support vectors on a table as it is",
        ),
        pytest.param(WIDE, {}, [0.9] * 9, 0.6, "unknown", {"scale_inputs": None}, id="facts unknown, nothing learnt"),
        pytest.param(WIDE, {}, FALLING, 0.8, "unknown", {"epochs": 30}, id="facts unknown, still falling"),
    ],
)
def test_mends_what_is_wrong_first(
    source: bytes, known: dict[str, Any], losses: Sequence[float], value: float, data: DataKind, first: dict[str, Any]
) -> None:
    """The first candidate changes what a good engineer would change, and that only."""
    trial = a_trial(value=value, data=data, losses=losses, known=known)

    decision = decide([trial], {1: {"train.py": source}}, Policy())

    assert decision.candidate is not None
    assert [tweak.name for tweak in decision.candidate.tweaks] == list(first)
    for setting in first.values():
        assert setting is None or str(setting) in "".join(tweak.diff for tweak in decision.candidate.tweaks)


def test_does_not_scale_twice() -> None:
    """Inputs that a layer of the network scales are still raw where fit takes them: that is no finding."""
    trial = a_trial(known=facts(UNSCALED, layers=("Normalization", "Dense", "Dense")), losses=REST)

    decision = decide([trial], {1: {"train.py": WIDE}}, Policy())

    assert "unscaled_inputs" not in [finding.name for finding in decision.findings]


def test_says_so_where_no_edit_fits() -> None:
    """Code that trains by hand has nothing that these edits change."""
    source = b"import numpy as np\nX, y = np.load('x.npy'), np.load('y.npy')\naccuracy = ((X > X.mean()) == y).mean()\n"

    decision = decide([a_trial()], {1: {"train.py": source}}, Policy())

    assert decision.candidate is None
    assert "the script does not build a Keras network layer by layer" in decision.left_alone.values()
