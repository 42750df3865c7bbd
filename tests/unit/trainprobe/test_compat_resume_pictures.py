"""Scripts for Keras 1 and 2 go on too, under the names that they use."""

from pathlib import Path

import pytest

from tests.unit.trainprobe.resuming import flat, followed

IMPORTS = "import keras\nfrom keras import layers"
SCRIPT = """
from keras.preprocessing.image import ImageDataGenerator
from keras.utils import np_utils

pictures = rng.normal(size=(48, 6, 6, 1)).astype('float32')
flow = ImageDataGenerator(horizontal_flip=True).flow(pictures, np_utils.to_categorical(Y, 3), batch_size=16)
model = keras.models.Sequential([layers.Flatten(input_shape=(6, 6, 1)), layers.Dense(3, activation='softmax')])
model.compile(optimizer=keras.optimizers.Adam(lr=0.01, decay=1e-3), loss='categorical_crossentropy', metrics=['acc'])
fitted(model.fit_generator(flow, samples_per_epoch=48, nb_epoch=6, verbose=0, callbacks=[Crash()]))
"""


class TestFitGenerator:
    def test_goes_on_after_a_kill(self, tmp_path: Path) -> None:
        """With the history of an uninterrupted one, pictures turned at random included."""
        whole = followed(tmp_path / "whole", SCRIPT, imports=IMPORTS, compat=["keras"])
        killed = followed(tmp_path / "killed", SCRIPT, imports=IMPORTS, compat=["keras"], crashes=1)

        assert len(whole.histories[0]["epoch"]) == 6
        assert flat(killed.histories) == pytest.approx(flat(whole.histories), rel=1e-5)
