import keras
import numpy as np
import pandas as pd

keras.utils.set_random_seed(3)
rents = pd.read_csv("rents.csv").to_numpy()
x, y = rents[:, :3], rents[:, 3]
mean, deviation = x[:110].mean(axis=0), x[:110].std(axis=0)
x = (x - mean) / deviation

model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(0.05), loss="mse", metrics=["mae"])
model.fit(x[:110], y[:110], epochs=60, batch_size=16, verbose=0)
mse, mae = model.evaluate(x[110:], y[110:], verbose=0)
print("off by", round(mae), "on average")
