import keras
import numpy as np


def build():
    return keras.Sequential([keras.layers.Dense(4, activation="relu"), keras.layers.Dense(1)])


def train(x, y):
    model = build()
    model.compile("adam", "mse", metrics=["accuracy"])
    model.fit(x, y)


if __name__ == "__main__":
    print("ready; call train() from your own code")
