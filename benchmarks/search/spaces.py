"""What KerasTuner searches: for each network that its spaces can express, a hypermodel as a careful person declares it.

The declarations know what the scripts do not say: a sane range for each knob, the right output and loss, and whether
inputs are scaled as a knob of its own. Two problems are beyond them: a wrong output layer and a wrong initializer are
put right by the very act of declaring the model, so there is nothing to search.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

Array = Any
Network = Any
Values = Any  # KerasTuner's HyperParameters


@dataclass(frozen=True)
class Split:
    """Data as the author's script has them before its own scaling: to train on, and to measure on."""

    x: Array
    y: Array
    x_test: Array
    y_test: Array

    @property
    def classes(self) -> int:
        """How many there are."""
        return int(self.y.max()) + 1


@dataclass(frozen=True)
class Space:
    """What may be searched.

    Attributes:
        load: The data.
        epochs: The author's; up to five times as many are tried.
        network: What makes the hidden part.
    """

    load: Callable[[], Split]
    epochs: int
    network: Callable[[Values, list[Network]], None]


def build(values: Values, space: Space, split: Split) -> Network:
    """Build and compile the network that *values* describe."""
    import keras

    layers = [keras.Input(split.x.shape[1:])]
    if values.Boolean("normalization"):
        layers.append(keras.layers.Normalization())
        layers[-1].adapt(split.x)
    space.network(values, layers)
    binary = split.classes == 2  # noqa: PLR2004  # two classes take one output
    layers.append(keras.layers.Dense(1 if binary else split.classes, activation="sigmoid" if binary else "softmax"))
    model = keras.Sequential(layers)
    rate = values.Float("learning_rate", 1e-4, 1e-1, sampling="log")
    chosen = {"adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD, "rmsprop": keras.optimizers.RMSprop}
    optimizer = chosen[values.Choice("optimizer", sorted(chosen))](rate)
    loss = "binary_crossentropy" if binary else "sparse_categorical_crossentropy"
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


def dense(values: Values, layers: list[Network]) -> None:
    """Add one to three hidden layers."""
    import keras

    activation = values.Choice("activation", ["relu", "tanh"])
    dropout = values.Float("dropout", 0.0, 0.5, step=0.1)
    for number in range(values.Int("layers", 1, 3)):
        layers.append(keras.layers.Dense(values.Int(f"units_{number}", 8, 128, step=8), activation=activation))
        layers.append(keras.layers.Dropout(dropout))


def flat(values: Values, layers: list[Network]) -> None:
    """Add hidden layers behind a picture that is made flat."""
    import keras

    layers.append(keras.layers.Flatten())
    dense(values, layers)


def convolved(values: Values, layers: list[Network]) -> None:
    """Add one or two convolutions, and hidden layers behind them."""
    import keras

    filters = [values.Int(f"filters_{number}", 8, 32, step=8) for number in range(values.Int("convolutions", 1, 2))]
    layers.extend(keras.layers.Conv2D(wide, 3, activation="relu") for wide in filters)
    layers.append(keras.layers.MaxPooling2D())
    flat(values, layers)


def _tabular(name: str, **split: Any) -> Split:
    """Split a data set that scikit-learn ships, as the script does."""
    import sklearn.datasets
    from sklearn.model_selection import train_test_split

    x, y = getattr(sklearn.datasets, f"load_{name}")(return_X_y=True)
    if split.pop("stratified", False):
        split["stratify"] = y
    x, x_test, y, y_test = train_test_split(x.astype("float32"), y, **split)
    return Split(x, y, x_test, y_test)


def _all_wines() -> Split:
    """Return the wines, which are measured on what they are trained on."""
    from sklearn.datasets import load_wine

    x, y = load_wine(return_X_y=True)
    return Split(x, y, x, y)


def _parity() -> Split:
    split = _tabular("digits", test_size=0.3, random_state=5)
    return Split(split.x, split.y % 2, split.x_test, split.y_test % 2)


def _pictures() -> Split:
    split = _tabular("digits", test_size=0.3, random_state=3)
    return Split(split.x.reshape(-1, 8, 8, 1), split.y, split.x_test.reshape(-1, 8, 8, 1), split.y_test)


def _mnist(test: int) -> Split:
    from keras.datasets import mnist

    (x, y), (x_test, y_test) = mnist.load_data()
    x, x_test = x[:2000, ..., None].astype("float32"), x_test[:test, ..., None].astype("float32")
    return Split(x, y[:2000], x_test, y_test[:test])


SPACES = {
    "wines": Space(_all_wines, 100, dense),
    "iris-slow": Space(partial(_tabular, "iris", test_size=0.3, random_state=7, stratified=True), 25, dense),
    "iris-impatient": Space(partial(_tabular, "iris", test_size=0.25, random_state=0), 6, dense),
    "cancer-strict": Space(partial(_tabular, "breast_cancer", test_size=0.25, random_state=13), 20, dense),
    "digits-diverging": Space(partial(_tabular, "digits", test_size=0.25, random_state=1), 15, dense),
    "digits-parity": Space(_parity, 30, dense),
    "digits-cnn": Space(_pictures, 3, convolved),
    "mnist-sigmoid": Space(partial(_mnist, 1000), 5, flat),
    "mnist-subclass": Space(partial(_mnist, 500), 1, convolved),
}
