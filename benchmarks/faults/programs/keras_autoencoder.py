import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

latent_dim = 16

x = load_digits().data[:1000] / 16.0
x_train, x_test = train_test_split(x, test_size=0.3, random_state=2)

inputs = keras.Input(shape=(64,))
h = layers.Dense(48, activation="relu")(inputs)
code = layers.Dense(latent_dim, activation="relu", name="code")(h)
h = layers.Dense(48, activation="relu")(code)
outputs = layers.Dense(64, activation="sigmoid")(h)

autoencoder = keras.Model(inputs, outputs)
autoencoder.compile(optimizer=keras.optimizers.Adam(learning_rate=0.005), loss="mse")
autoencoder.fit(x_train, x_train, epochs=20, batch_size=32, verbose=0)

restored = autoencoder.predict(x_test, verbose=0)
print("error:", np.mean((restored - x_test) ** 2))
r2 = r2_score(x_test.ravel(), restored.ravel())
print("r2:", r2)
