"""A small network, then a larger one, which is the one to keep."""
import keras
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

keras.utils.set_random_seed(14)
x, y = load_digits(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x / 16, y, test_size=0.25, random_state=14)


def network(width):
    model = keras.Sequential([
        keras.Input((64,)),
        keras.layers.Dense(width, activation="relu"),
        keras.layers.Dense(10, activation="softmax"),
    ])
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


small = network(4)
small.fit(x_train, y_train, epochs=4, verbose=0)
small_score = small.evaluate(x_test, y_test, verbose=0)
print("small network:", small_score[1])

large = network(64)
large.fit(x_train, y_train, epochs=8, verbose=0)
large_score = large.evaluate(x_test, y_test, verbose=0)
print("large network:", large_score[1])
large.save("digits.keras")
