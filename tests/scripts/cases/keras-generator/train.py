"""Batches come from a sequence of our own."""
import math

import keras
import numpy as np
from sklearn.datasets import load_digits


class Pictures(keras.utils.PyDataset):
    def __init__(self, pictures, numbers, batch):
        super().__init__()
        self.pictures, self.numbers, self.batch = pictures, numbers, batch

    def __len__(self):
        return math.ceil(len(self.pictures) / self.batch)

    def __getitem__(self, index):
        rows = slice(index * self.batch, (index + 1) * self.batch)
        return self.pictures[rows], self.numbers[rows]


keras.utils.set_random_seed(4)
digits = load_digits()
pictures = digits.images[..., np.newaxis] / 16
training = Pictures(pictures[:1300], digits.target[:1300], 50)
held_out = Pictures(pictures[1300:], digits.target[1300:], 50)

model = keras.Sequential([
    keras.layers.Conv2D(12, 3, activation="relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Flatten(),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(training, epochs=5, validation_data=held_out, verbose=2)
