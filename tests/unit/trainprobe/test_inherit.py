"""A larger network inherits what a smaller one learnt: right after it does, it computes the same."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.trainprobe.continuing import epochs, result, trained
from tests.unit.trainprobe.probing import Trial
from tests.unit.trainprobe.resuming import KERAS_2, KERAS_3

SCRIPT = """
import trainprobe.training.net2net
trainprobe.training.net2net.NOISE = {noise}
{data}


class Begin(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 0:
            np.save(SEEN / 'begin.npy', np.asarray(self.model(X, training=False)))


{model}
model.compile('adam', 'sparse_categorical_crossentropy', metrics=['accuracy'])
history = model.fit(X, Y, epochs=3, batch_size=16, verbose=0, callbacks=[Begin()])
np.save(SEEN / 'end.npy', np.asarray(model(X, training=False)))
print('Test accuracy:', model.evaluate(X, Y, verbose=0)[1])
"""
PICTURES = "X = rng.normal(size=(48, 6, 6, 2)).astype('float32')"
OUT = "layers.Dense(3, activation='softmax')"
FUNCTIONAL = """
inputs = keras.Input((4,))
x = layers.Dense({units}, activation='relu')(inputs)
x = layers.Dropout(DROPPED)(x)
{more}
model = keras.Model(inputs, layers.Dense(3, activation='softmax')(x))
"""
BRANCHES = """
inputs = keras.Input((4,))
left = layers.Dense(6, activation='relu')(inputs)
right = layers.Dense({units}, activation='tanh')(inputs)
model = keras.Model(inputs, layers.Dense(3, activation='softmax')(layers.concatenate([left, right])))
"""


def chain(*steps: str, inputs: str = "(4,)") -> str:
    """Return a Sequential of these layers."""
    return f"model = keras.Sequential([layers.Input({inputs}), {', '.join(steps)}, {OUT}])"


def dense(units: int, activation: str = "relu") -> str:
    """Return a hidden layer."""
    return f"layers.Dense({units}, activation='{activation}')"


def maps(filters: int) -> str:
    """Return a convolution that keeps the size of its maps."""
    return f"layers.Conv2D({filters}, 3, padding='same', activation='relu')"


@dataclass(frozen=True)
class Case:
    """Two networks, and what the facts say of the second's weights."""

    small: str
    large: str
    done: str
    data: str = ""
    keras: str = KERAS_3


BATCH = "layers.BatchNormalization()"
FLAT = "layers.MaxPooling2D(), layers.Flatten()"
CASES = {
    "wider": Case(chain(dense(5), dense(4)), chain(dense(16), dense(9)), "3 wider"),
    "deeper": Case(chain(dense(5)), chain(dense(5), dense(5), dense(5)), "2 copied, 2 added as identity"),
    "wider and deeper": Case(
        chain(dense(5), "layers.Dropout(0.1)"),
        chain(dense(8), "layers.Dropout(0.1)", dense(12)),
        "2 wider, 1 added as identity",
    ),
    "batch normalization": Case(chain(dense(5), BATCH), chain(dense(8), BATCH), "1 copied, 2 wider"),
    "convolutions": Case(
        chain(maps(3), FLAT, dense(6), inputs="(6, 6, 2)"),
        chain(maps(5), maps(7), FLAT, dense(9), inputs="(6, 6, 2)"),
        "3 wider, 1 added as identity",
        data=PICTURES,
    ),
    "functional": Case(
        FUNCTIONAL.format(units=5, more=""),
        FUNCTIONAL.format(units=9, more="x = layers.Dense(9, activation='relu')(x)"),
        "2 wider, 1 added as identity",
    ),
    "Keras 2": Case(
        chain(dense(5), "layers.Dropout(0.1)"),
        chain(dense(8), "layers.Dropout(0.1)", dense(12)),
        "2 wider, 1 added as identity",
        keras=KERAS_2,
    ),
}


def run(root: Path, model: str, *, data: str = "", noise: float = 0.0, **more: Any) -> Trial:
    """Train *model* for three epochs."""
    return trained(root, SCRIPT.format(model=model, data=data, noise=noise), how="inherit", **more)


def predicted(trial: Trial, when: str) -> Any:
    """Return what the network computed at the "begin" of its training, or at its "end"."""
    return np.load(trial.root / "seen" / f"{when}.npy")


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_it_begins_with_the_function_that_the_smaller_one_ended_with(tmp_path: Path, case: Case) -> None:
    """To 1e-5, without the noise; then it trains from its first epoch on. The facts count the layers."""
    small = run(tmp_path / "small", case.small, data=case.data, imports=case.keras)
    large = run(tmp_path / "large", case.large, data=case.data, imports=case.keras, of=small)

    np.testing.assert_allclose(predicted(large, "begin"), predicted(small, "end"), atol=1e-5)
    assert np.abs(predicted(large, "end") - predicted(large, "begin")).max() > 1e-4, "it trains on"
    assert epochs(large) == [1, 2, 3]
    assert result(large)["facts"]["warm"] == {"trial": 1, "how": "inherit", "why": case.done}


def test_noise_tells_repeated_units_apart(tmp_path: Path) -> None:
    """They would learn the same for ever; the function hardly changes."""
    small = run(tmp_path / "small", chain(dense(5)))
    large = run(tmp_path / "large", chain(dense(16)), of=small, noise=0.01)

    off = np.abs(predicted(large, "begin") - predicted(small, "end")).max()
    assert 0 < off < 0.05


def test_what_fits_is_copied_and_the_rest_stays_new(tmp_path: Path) -> None:
    """In a network with branches only layers of equal shapes have something to inherit."""
    small = run(tmp_path / "small", BRANCHES.format(units=5))
    large = run(tmp_path / "large", BRANCHES.format(units=9), of=small)

    assert result(large)["facts"]["warm"]["why"] == "1 copied, 2 new"


def test_nothing_alike_begins_cold(tmp_path: Path) -> None:
    """And says so; no control needs to be trained for it then."""
    small = run(tmp_path / "small", chain(dense(5)))
    other = run(tmp_path / "other", chain(dense(2, "tanh")).replace("(3, act", "(4, act"), of=small)

    assert result(other)["facts"]["warm"]["how"] == "cold"
