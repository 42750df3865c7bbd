"""Keras models that a script loads and trains further."""

from tests.unit.trainprobe.conftest import Train

TRAINED_FURTHER = """
import keras
import numpy as np

x = np.random.default_rng(1).normal(size=(64, 4))
y = (x[:, 0] > 0).astype("int32")
model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(2, activation="softmax")])
model.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[:32], y[:32], epochs=30, verbose=0)
before = model.get_weights()[0]
model.save("mymodel.h5")

again = keras.models.load_model("mymodel.h5")
assert np.array_equal(again.get_weights()[0], before)
again.fit(x[:32], y[:32], epochs=1, verbose=0)
assert not np.array_equal(again.get_weights()[0], before)
again.evaluate(x[32:], y[32:], verbose=0)
"""


class TestModelOfAnH5File:
    def test_can_be_trained_further(self, train: Train) -> None:
        """As with Keras 2; Keras 3 by itself knows none of the loaded model's variables."""
        finished = train(TRAINED_FURTHER)

        assert finished.result["warning"] is None
        assert finished.measurement["source"] == "keras.evaluate"
        assert finished.measurement["value"] > 0.7
