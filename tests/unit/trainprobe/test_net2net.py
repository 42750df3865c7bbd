"""Which weights a layer inherits, where no map keeps the function."""

from collections.abc import Sequence

import numpy as np
import pytest

from trainprobe.training.net2net import Layer, Mapped, mapped

CHANCE = np.random.default_rng(2)


def dense(size: int, units: int, activation: str = "relu", kind: str = "Dense") -> Layer:
    """Make a layer with weights of its own."""
    weights = (CHANCE.normal(size=(size, units)).astype("float32"), CHANCE.normal(size=units).astype("float32"))
    return Layer(kind, activation, (), weights)


SMALL = (dense(4, 5), dense(5, 5, "tanh"), dense(5, 3, "softmax"))


def of_small(*new: Layer, is_chain: bool = True) -> Mapped:
    """Map the small network's weights to these layers."""
    return mapped(SMALL, new, seed=1, is_chain=is_chain)


@pytest.mark.parametrize(
    ("new", "done"),
    [
        pytest.param(SMALL, "3 copied", id="the same"),
        pytest.param((dense(4, 5), dense(5, 4, "tanh"), dense(4, 3, "softmax")), "1 copied, 2 new", id="narrower"),
        pytest.param(
            (dense(4, 5), dense(5, 5, "tanh"), dense(5, 5, "tanh"), dense(5, 3, "softmax")),
            "3 copied, 1 new",
            id="deeper by what does not pass on",
        ),
        pytest.param((dense(6, 5), *SMALL[1:]), "2 copied, 1 new", id="other inputs"),
        pytest.param(
            (dense(4, 5), dense(5, 9, "sigmoid"), dense(9, 3, "softmax")), "1 copied, 2 new", id="another kind"
        ),
    ],
)
def test_what_can_not_be_kept_is_new(new: Sequence[Layer], done: str) -> None:
    """And behind it only layers of the same shapes are copied."""
    assert str(of_small(*new)) == done


def test_no_chain_no_growth() -> None:
    """Nobody knows what reads the units that are added."""
    found = of_small(dense(4, 9), dense(9, 5, "tanh"), SMALL[2], is_chain=False)

    assert sorted(found.weights) == [2]
    np.testing.assert_array_equal(found.weights[2][0], SMALL[2].weights[0])


def test_a_hidden_softmax_is_not_widened() -> None:
    """It computes something of all its units together."""
    old = (dense(4, 5, "softmax"), dense(5, 3, "softmax"))

    found = mapped(old, (dense(4, 8, "softmax"), dense(8, 3, "softmax")), seed=1, is_chain=True)

    assert str(found) == "2 new"


@pytest.mark.parametrize("kind", ["Reshape", "Lambda", "LayerThatNobodyKnows"])
def test_behind_a_layer_that_may_mix_units_nothing_is_widened(kind: str) -> None:
    """As long as no unit was repeated it is passed."""
    unknown = Layer(kind)
    old = (dense(4, 5), unknown, dense(5, 3, "softmax"))

    wider = mapped(old, (dense(4, 8), unknown, dense(8, 3, "softmax")), seed=1, is_chain=True)
    deeper = mapped(old, (dense(4, 5), unknown, dense(5, 3, "softmax")), seed=1, is_chain=True)

    assert str(wider) == "1 wider, 1 new"
    assert str(deeper) == "2 copied"


def test_what_the_script_adapted_stays() -> None:
    """Normalization holds what was seen in the data, and passes each feature on by itself."""
    seen = Layer("Normalization", "linear", (), (np.zeros(4, "float32"), np.ones(4, "float32")))
    old = (seen, dense(4, 5), dense(5, 3, "softmax"))

    found = mapped(old, (seen, dense(4, 8), dense(8, 3, "softmax")), seed=1, is_chain=True)

    assert (sorted(found.weights), str(found)) == ([1, 2], "2 wider")


def test_the_same_seed_repeats_the_same_units() -> None:
    """A trial is the same whenever it is run."""
    grown = [of_small(dense(4, 9), dense(9, 5, "tanh"), SMALL[2]).weights[0][0] for _ in range(2)]

    np.testing.assert_array_equal(*grown)
