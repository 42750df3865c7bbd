"""Scaled scripts are run for real, as their authors run them, and save a model that stands alone."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.pythons import forked
from tests.unit.tweaker.editing import edited

LIMIT_SECONDS = 240

DATA = """\
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
"""

LISTED = f"""\
import keras
from keras import layers
{DATA}
keras.utils.set_random_seed(1)
model = keras.Sequential([layers.Dense(8, activation="relu", input_shape=(30,)), layers.Dense(1, activation="sigmoid")])
model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=40, verbose=0)
model.save("model.h5")
print(keras.models.load_model("model.h5").evaluate(X_test, y_test, verbose=0)[1])
"""

FUNCTIONAL = f"""\
import keras
{DATA}
keras.utils.set_random_seed(1)

def build():
    inputs = keras.Input(shape=(30,))
    x = keras.layers.Dense(8, activation="relu")(inputs)
    return keras.Model(inputs, keras.layers.Dense(1, activation="sigmoid")(x))

model = build()
model.compile("adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=40, verbose=0)
model.save("model.keras")
print(keras.models.load_model("model.keras").evaluate(X_test, y_test, verbose=0)[1])
"""

ESTIMATOR = f"""\
import joblib
from sklearn.neighbors import KNeighborsClassifier
{DATA}
knn = KNeighborsClassifier(n_neighbors=5)
knn.fit(X_train, y_train)
joblib.dump(knn, "knn.joblib")
print(joblib.load("knn.joblib").score(X_test, y_test))
"""


def accuracy(folder: Path, source: bytes) -> float:
    """Run the script plainly and return the last number that it prints."""
    (folder / "train.py").write_bytes(source)
    done = subprocess.run(
        [forked.python(), "train.py"],
        cwd=folder,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return float(done.stdout.split()[-1])


@pytest.mark.parametrize("script", [LISTED, FUNCTIONAL, ESTIMATOR], ids=["normalization", "batches", "pipeline"])
def test_the_saved_model_scales_its_inputs_itself(tmp_path: Path, script: str) -> None:
    """The model that is read back from its file takes raw inputs and reaches 95 %."""
    scaled = edited("scale_inputs", None, script)

    assert accuracy(tmp_path, scaled) >= 0.95
