"""What an edit does not understand it leaves alone, and says why."""

import pytest

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script
from tests.unit.tweaker import keras_scripts, scripts
from tests.unit.tweaker.editing import edited
from trainyard.trial import Setting

KNN = "from sklearn.neighbors import KNeighborsClassifier\n"
NET = "from keras import Sequential, layers\n"


@pytest.mark.parametrize(
    ("edit", "setting", "source", "why"),
    [
        pytest.param("epochs", 9, "import torch\nmodel.fit(x)\n", "nothing is trained in epochs", id="no Keras"),
        pytest.param("epochs", 9, "m.fit(x, epochs=n * 2)\n", "n \\* 2 in line 1 is computed", id="computed"),
        pytest.param(
            "epochs",
            9,
            "n = 1\nn = 2\nm.fit(x, epochs=n)\n",
            "n in line 3 is not assigned exactly once",
            id="assigned twice",
        ),
        pytest.param("units", 9, KNN, "does not build a Keras network", id="no network"),
        pytest.param("units", 8, scripts.LISTED.decode(), "every hidden Dense layer has 8", id="wide enough"),
        pytest.param(
            "dropout", 0.1, f"{NET}a = Sequential()\nb = Sequential()\n", "several Keras models", id="two networks"
        ),
        pytest.param(
            "dense_layer",
            64,
            f"{NET}m = Sequential([*parts, layers.Dense(2)])\n",
            "contains more than layers",
            id="layers from elsewhere",
        ),
        pytest.param(
            "scale_inputs", None, keras_scripts.BRANCHES.decode(), "has several inputs", id="scale: two inputs"
        ),
        pytest.param(
            "scale_inputs",
            None,
            f"{NET}m = Sequential([keras.applications.VGG16(), layers.Dense(1)])\n",
            "VGG16, which may scale by itself",
            id="scale: a network made elsewhere",
        ),
        pytest.param(
            "scale_inputs",
            255.0,
            f"{NET}d = g(rescale=1/255).flow_from_directory('d')\nm = Sequential([layers.Conv2D(4, 3)])\nm.fit(d)\n",
            "scaled when they are read",
            id="scale: pictures from files that are scaled",
        ),
        pytest.param("filters", 8, scripts.LISTED.decode(), "no convolution", id="filters: none"),
        pytest.param("activation", "relu", scripts.LISTED.decode(), "would become relu", id="activation: relu already"),
        pytest.param(
            "activation", "sine", scripts.LISTED.decode(), "activation 'sine' is not known", id="activation: what"
        ),
        pytest.param(
            "initializer", "he_normal", scripts.LISTED.decode(), "has a poor initializer", id="initializer: none"
        ),
        pytest.param("regularizer", 0.0, scripts.LISTED.decode(), "no penalty", id="regularizer: none"),
        pytest.param(
            "batch_norm", None, keras_scripts.BRANCHES.decode(), "normalizes its activations", id="batch norm"
        ),
        pytest.param("conv_layer", None, scripts.LISTED.decode(), "no convolutions over images", id="no pictures"),
        pytest.param(
            "global_pooling",
            None,
            scripts.PICTURES.decode(),
            "does not flatten the feature maps",
            id="pooling: no maps",
        ),
        pytest.param("augment", None, scripts.PICTURES.decode(), "no convolutions over images", id="augment: no maps"),
        pytest.param(
            "augment",
            "flip",
            f"{NET}m = Sequential([layers.RandomFlip(), layers.Conv2D(4, 3)])\n",
            "already uses data augmentation",
            id="augment: varied",
        ),
        pytest.param("output", None, scripts.LISTED.decode(), "the output layer and the loss match", id="output: fits"),
        pytest.param(
            "output", "softmax", scripts.LISTED.decode(), "does not have the form activation", id="output: half a word"
        ),
        pytest.param(
            "output",
            "softmax:3:mse",
            f"{NET}m = Sequential([layers.Dense(2)])\n",
            "loss of the network was not found",
            id="no loss",
        ),
        pytest.param(
            "class_weight",
            None,
            f"{NET}m = Sequential([layers.Dense(2)])\nm.compile(loss='sparse_categorical_crossentropy')\nm.fit(data)\n",
            "labels of the training were not found",
            id="class weight: a data set",
        ),
        pytest.param(
            "class_weight",
            None,
            f"{NET}m = Sequential([layers.Dense(1)])\nm.compile(loss='mse')\nm.fit(x, y)\n",
            "does not show how the labels are encoded",
            id="class weight: numbers",
        ),
        pytest.param(
            "class_weight",
            None,
            f"{NET}m = Sequential([layers.Dense(1)])\nm.fit(x, y, class_weight={{0: 1, 1: 9}})\n",
            "already weights its rows",
            id="class weight: there",
        ),
        pytest.param(
            "rate_plateau",
            5,
            f"{NET}m = Sequential([layers.Dense(1)])\nm.fit(x, y, callbacks=[ReduceLROnPlateau()])\n",
            "already follows a schedule",
            id="rate: a rule",
        ),
        pytest.param(
            "rate_plateau",
            5,
            f"{NET}m = Sequential([layers.Dense(1)])\nfor _ in range(9):\n    m.fit(x, y, epochs=1)\n",
            "a callback would begin anew in each round",
            id="rate: a fit in each round",
        ),
        pytest.param("optimizer", "adam", "m.compile('adam')\n", "the optimizer is already Adam", id="is Adam"),
        pytest.param("optimizer", "adam", "m.compile(choose())\n", "is computed", id="optimizer computed"),
        pytest.param(
            "scale_inputs",
            None,
            f"{NET}m = Sequential([layers.Embedding(99, 8), layers.Dense(1)])\n",
            "takes text",
            id="words are not scaled",
        ),
        pytest.param("scale_inputs", None, scripts.FOREST.decode(), "sensitive to the scale", id="trees do not mind"),
    ],
)
def test_says_why_it_does_not_apply(edit: str, setting: Setting, source: str, why: str) -> None:
    """The reason names the line or the thing, as a clause for a person."""
    with pytest.raises(NotUnderstoodError, match=why):
        edited(edit, setting, source)


@pytest.mark.parametrize("source", [b"def (", b"x = '\xff'\n", b"\xef\xbb\xbfx = 1\n# \xff\n"])
def test_refuses_what_is_no_python_in_its_encoding(source: bytes) -> None:
    """A script that does not parse is not touched."""
    with pytest.raises(NotUnderstoodError):
        Script(source)


def test_does_not_change_a_constant_that_the_output_shares() -> None:
    """Where one constant is both a hidden layer's and the output's units, widening it would break the output."""
    source = b"from keras import Sequential, layers\nN = 3\nm = Sequential([layers.Dense(N), layers.Dense(N)])\n"

    with pytest.raises(NotUnderstoodError, match="no hidden Dense layer"):
        edited("units", 16, source)
