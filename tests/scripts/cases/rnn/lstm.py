"""Tells rising from falling sequences."""
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers

tf.keras.utils.set_random_seed(15)
numbers = np.random.default_rng(15)
slope = numbers.uniform(-1, 1, size=600)
waves = slope[:, None] * np.arange(12) + numbers.normal(0, 3.0, size=(600, 12))
rising = (slope > 0).astype(int)
waves = waves[:, :, None] / 5

model = tf.keras.Sequential([layers.LSTM(8, input_shape=(12, 1)), layers.Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(waves[:450], rising[:450], epochs=4, batch_size=16, verbose=2)
loss, accuracy = model.evaluate(waves[450:], rising[450:], verbose=0)
print("Test Accuracy: {:.4f}".format(accuracy))
