"""A learning-rate schedule, momentum and a dropout: what a checkpoint must bring back."""
import keras
import numpy as np

keras.utils.set_random_seed(80)
numbers = np.random.default_rng(80)
x = numbers.normal(size=(14000, 32)).astype("float32")
y = (x[:, :2].prod(axis=1) + x[:, 2] > 0).astype("int32")

model = keras.Sequential([
    keras.Input((32,)),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dropout(0.1),
    keras.layers.Dense(2, activation="softmax"),
])
model.compile(keras.optimizers.SGD(0.05, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
slower = keras.callbacks.LearningRateScheduler(lambda epoch: 0.05 * 0.8 ** epoch)
model.fit(x[:12000], y[:12000], epochs=10, batch_size=16, callbacks=[slower], verbose=2)
loss, accuracy = model.evaluate(x[12000:], y[12000:], verbose=0)
print("accuracy", accuracy)
