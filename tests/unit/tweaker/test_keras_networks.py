"""Which network of a script is meant, and which layers it has."""

import pytest

from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script
from tests.unit.tweaker import keras_scripts
from tests.unit.tweaker.editing import edited, read

HEAD = "import keras\nfrom keras import layers\n"
TWO = f"{HEAD}a = keras.Sequential([layers.Dense(1)])\nb = keras.Sequential([layers.Dense(2), layers.Dense(3)])\n"


def kinds(source: str | bytes) -> list[str]:
    """Return the classes of the network's layers, in order."""
    content = source.encode() if isinstance(source, str) else source
    return [layer.kind for layer in find_network(Script(content)).layers]


@pytest.mark.parametrize(
    ("script", "layers"),
    [
        ("collected", ["Input", "Dense", "Activation", "Dense"]),
        ("looped", ["Dense", "Dense", "Dropout", "Dense"]),
        ("subclassed", ["Dense", "Dense"]),
        ("digits", ["Conv2D", "MaxPooling2D", "Flatten", "Dense"]),
        ("in a class", ["Dense", "Dense"]),
    ],
)
def test_sees_the_layers_in_their_order(script: str, layers: list[str]) -> None:
    """However the network is written, its layers are found from the input to the output."""
    assert kinds(keras_scripts.EVERY[script]) == layers


def test_goes_back_from_the_outputs_through_blocks_and_branches() -> None:
    """In the functional style only what leads to the outputs counts, a function's layers once."""
    found = kinds(keras_scripts.TWO_NETWORKS)

    assert found == ["Input", "Conv2D", "ReLU", "MaxPooling2D", "Conv2D", "MaxPooling2D", "Flatten", "Dense", "Dense"]


@pytest.mark.parametrize(
    ("training", "units"),
    [
        pytest.param("b.fit(x, y)\n", (2,), id="by its name"),
        pytest.param("m = b\nm.fit(x, y)\n", (2,), id="by another name"),
        pytest.param("def train(m):\n    m.fit(x, y)\ntrain(b)\n", (2,), id="given to a function"),
        pytest.param("b.compile('sgd')\n", (2,), id="compiled here, trained elsewhere"),
    ],
)
def test_of_several_takes_the_one_that_is_trained(training: str, units: tuple[int, ...]) -> None:
    """The variable of fit is followed to where its network is built."""
    assert read("units", TWO + training) == units


@pytest.mark.parametrize(
    ("training", "why"),
    [
        pytest.param("", "which of them is trained was not found", id="none is trained"),
        pytest.param("a.fit(x, y)\nb.fit(x, y)\n", "trains several Keras models", id="both are"),
        pytest.param("for m in (a, b):\n    m.fit(x, y)\n", "which of them is trained was not found", id="in a loop"),
    ],
)
def test_leaves_alone_where_that_is_not_certain(training: str, why: str) -> None:
    """No network is edited on a guess."""
    with pytest.raises(NotUnderstoodError, match=why):
        read("units", TWO + training)


def test_does_not_widen_the_output_at_the_end_of_a_loop() -> None:
    """Of the widths that a loop goes through the last one is the number of classes."""
    source = f"{HEAD}m = keras.Sequential()\nfor n in [8, 4, 3]:\n    m.add(layers.Dense(n))\n"

    assert read("units", source) == (8, 4)
    assert b"[16, 16, 3]" in edited("units", 16, source)


def test_widens_what_the_calls_of_a_block_are_given() -> None:
    """A function that makes a layer of a given width is told the new one wherever it is called."""
    block = "def block(x, n):\n    x = layers.Dense(n)(x)\n    return layers.ReLU()(x)\n"
    source = (
        f"{HEAD}{block}i = keras.Input((4,))\nx = block(i, 8)\nx = block(x, n=4)\n"
        "m = keras.Model(i, layers.Dense(3)(x))\nm.fit(a, b)\n"
    )

    reshaped = source.replace("layers.ReLU()", "layers.Reshape((n, 1))")

    assert read("units", source) == (8, 4)
    assert edited("units", 6, source) == source.replace("n=4", "n=6").encode()
    with pytest.raises(NotUnderstoodError, match="no hidden Dense layer"):
        read("units", reshaped)


def test_pools_again_where_the_map_is_large_enough() -> None:
    """A further convolution brings its pooling along as long as two points a side are left."""
    source = (
        f"{HEAD}m = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.MaxPooling2D(),\n"
        "layers.Flatten(), layers.Dense(10)])\n"
    )

    small = source.replace("28, 28", "8, 8")

    assert edited("conv_layer", None, source).count(b"MaxPooling2D()") == 2
    assert edited("conv_layer", None, small).count(b"MaxPooling2D()") == 1


def deep(layers: int) -> str:
    """Return a script with so many hidden layers, one applied to the other."""
    chain = "x = layers.Dense(8)(x)\n" * layers
    return f"{HEAD}i = keras.Input((4,))\nx = i\n{chain}m = keras.Model(i, layers.Dense(2)(x))\nm.fit(a, b)\n"


def test_follows_a_deep_network_to_its_input() -> None:
    """Dozens of layers that are applied to each other are all seen."""
    assert read("units", deep(90)) == (8,) * 90


def test_says_that_a_network_is_too_deep() -> None:
    """A network of which only a part would be seen is not edited."""
    with pytest.raises(NotUnderstoodError, match="too deep"):
        read("units", deep(400))


def test_changes_the_optimizer_of_the_network_that_is_trained() -> None:
    """Of several optimizers the one counts that the trained network is compiled with."""
    source = (
        f"{TWO}a.compile(keras.optimizers.SGD(), 'mse')\nrule = keras.optimizers.RMSprop(0.1)\n"
        "b.compile(rule, 'mse')\nb.fit(x, y)\n"
    )

    assert read("optimizer", source) == "rmsprop"
    assert b"rule = keras.optimizers.Adam()" in edited("optimizer", "adam", source)


def test_a_last_layer_made_in_a_condition_is_no_output() -> None:
    """Where the last layer depends on a condition, nothing is put before it."""
    source = f"{HEAD}m = keras.Sequential([layers.Dense(4)])\nif binary:\n    m.add(layers.Dense(1))\n"

    with pytest.raises(NotUnderstoodError, match="depends on a condition"):
        edited("dense_layer", 8, source)
