"""A data set in the form of MNIST, so that no test needs the real one."""

from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

PICTURES = 3000
"""How many of its rows are pictures; the rest is black."""


def keras_datasets(folder: Path) -> Path:
    """Write the data sets that Keras finds into a new folder *datasets* and return it."""
    (folder / "datasets" / "keras").mkdir(parents=True)
    mnist(folder / "datasets" / "keras" / "mnist.npz")
    return folder / "datasets"


def mnist(path: Path) -> None:
    """Write a file like MNIST's: scikit-learn's small digits, some kept apart for the test, on 28 by 28 pixels."""
    images, labels = load_digits(return_X_y=True)
    large = np.kron(images.reshape(-1, 8, 8) * 15, np.ones((3, 3))).astype("uint8")
    padded = np.pad(large, ((0, 0), (2, 2), (2, 2)))
    x_train, y_train = _rows(padded[:1500], labels[:1500], 60000)
    x_test, y_test = _rows(padded[1500:], labels[1500:], 10000)
    np.savez_compressed(path, x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)


def _rows(images: np.ndarray, labels: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Return so many rows, the first of which are these again and again."""
    x, y = np.zeros((count, 28, 28), "uint8"), np.zeros(count, "uint8")
    x[:PICTURES], y[:PICTURES] = np.resize(images, (PICTURES, 28, 28)), np.resize(labels, PICTURES)
    return x, y
