"""A loss or an activation has one name in the facts, in whatever form and from whatever Keras the script has it."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.pythons import forked
from tests.unit.trainprobe.probing import LIMIT, Trial
from trainprobe.facts.model import canonical

FORMS = """
import json
import keras, tensorflow as tf
from trainprobe.facts.model import describe_network

L = keras.losses
FORMS = [
    (tf.nn.softmax, ["mse"]), (keras.layers.LeakyReLU(), L.MeanSquaredError()), (keras.layers.ReLU(), "MAE"),
    (tf.nn.tanh, {"dense": L.mean_squared_error}), ("sigmoid", L.BinaryCrossentropy(from_logits=True)),
    (lambda x: x, None),
]
for activation, loss in FORMS:
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2, activation=activation)])
    model.compile(loss=loss)
    facts = describe_network(model)
    print(json.dumps([facts["output"]["activation"], facts["loss"], facts["from_logits"]]))
"""

PRICES = """
import keras, numpy as np

X = np.random.default_rng(1).normal(size=(64, 3))
y = np.stack([X[:, 0] * 10 + 200, X[:, 1] * 5 + 100], axis=1)
model = keras.Sequential([
    keras.layers.Dense(8, activation="relu"), keras.layers.BatchNormalization(), keras.layers.Dense(1, "sigmoid")
])
model.compile(loss=["mse"], metrics=["mae"])
model.fit(X, y, epochs=2, verbose=0)
"""


def test_of_a_regression_stand_beside_its_amounts(tmp_path: Path) -> None:
    """All that shows that a sigmoid of one unit cannot reach two prices."""
    facts = Trial(tmp_path, {"train.py": PRICES}, task={"metric": {"name": "mae"}}).run().result["facts"]

    labels, model = facts["labels"], facts["model"]
    assert (labels["encoding"], labels["width"], labels["distinct"]) == ("continuous", 2, 128)
    assert 50 < labels["lowest"] < labels["mean"] < labels["highest"] < 250
    assert (model["output"], model["loss"]) == ({"units": 1, "activation": "sigmoid", "width": 1}, "mean_squared_error")
    assert model["layers"][1]["momentum"] == 0.99


def test_of_a_network_are_read_in_every_form() -> None:
    """As a function, an object, by an old name, in a list or a dict; what has no name is none that Keras knows."""
    run = subprocess.run([forked.python(), "-c", FORMS], check=True, capture_output=True, text=True, timeout=LIMIT)

    assert [json.loads(line) for line in run.stdout.splitlines()] == [
        ["softmax", "mean_squared_error", False],
        ["leaky_relu", "mean_squared_error", False],
        ["relu", "mean_absolute_error", False],
        ["tanh", "mean_squared_error", False],
        ["sigmoid", "binary_crossentropy", True],
        ["<lambda>", None, False],
    ]


@pytest.mark.parametrize(
    ("name", "today"),
    [
        ("softmax_v2", "softmax"),
        ("logcosh", "log_cosh"),
        ("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy"),
        ("MSELoss", "mean_squared_error"),
        ("mseloss", "mean_squared_error"),
        ("CrossEntropyLoss", "cross_entropy_loss"),
    ],
)
def test_are_those_of_today(name: str, today: str) -> None:
    """Of TensorFlow, older versions of Keras, classes, and PyTorch's modules and functions."""
    assert canonical(name) == today
