"""Two inputs, one output."""
import keras
import numpy as np
import pandas as pd
from keras import layers

keras.utils.set_random_seed(21)


def load():
    table = pd.read_csv("leaks.csv")
    water = table[["pressure", "flow"]].to_numpy(dtype="float32")
    around = table[["temperature", "hum"]].to_numpy(dtype="float32")
    return water, around, table["leak"].to_numpy()


def build():
    water = keras.Input((2,), name="water")
    around = keras.Input((2,), name="around")
    both = layers.concatenate([layers.Normalization()(water), layers.BatchNormalization()(around)])
    hidden = layers.Dense(12, activation="tanh")(both)
    out = layers.Dense(1, activation="sigmoid", name="leak")(hidden)
    model = keras.Model([water, around], out)
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


def main():
    water, around, leak = load()
    model = build()
    model.fit([water[:180], around[:180]], leak[:180], epochs=20, batch_size=8, verbose=2)
    results = model.evaluate([water[180:], around[180:]], leak[180:], return_dict=True)
    print("finished:", results)


if __name__ == "__main__":
    main()
