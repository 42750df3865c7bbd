import os

import keras
import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import scale

keras.utils.set_random_seed(31)
x, y = load_breast_cancer(return_X_y=True)
x = scale(x)
model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(x[:380], y[:380], epochs=10, validation_data=(x[380:], y[380:]), verbose=2)

share = os.path.join(os.sep, "mnt", "share-" + str(len(x)))
os.chdir(share)
model.save("cancer.keras")
