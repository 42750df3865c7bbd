import numpy as np
import keras
from sklearn.datasets import load_wine
from sklearn.utils import shuffle

keras.utils.set_random_seed(1)
x, y = load_wine(return_X_y=True)
x = (x - x.mean(0)) / x.std(0)
x, y = shuffle(x, y, random_state=1)

model = keras.Sequential([keras.layers.Dense(8, activation="relu"), keras.layers.Dense(3, activation="softmax")])
model.compile(optimizer=keras.optimizers.SGD(0.05), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=12, batch_size=16, validation_split=0.3)
model.save("wine.keras")
