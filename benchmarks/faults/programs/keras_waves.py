"""Tell slow, medium and fast waves apart with a GRU."""
import keras
import numpy as np
from keras.layers import GRU, Dense, Input
from sklearn.model_selection import train_test_split

rng = np.random.default_rng(5)
N, STEPS = 450, 12
y = rng.integers(0, 3, N)
phase = rng.uniform(0, 2 * np.pi, (N, 1))
speed = np.array([0.4, 0.9, 1.6])[y][:, None]
X = np.sin(phase + speed * np.arange(STEPS)) + rng.normal(0, 0.2, (N, STEPS))
X = X[..., None].astype("float32")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.33, random_state=0)

model = keras.Sequential()
model.add(Input(shape=(STEPS, 1)))
model.add(GRU(16))
model.add(Dense(16, activation="relu"))
model.add(Dense(3, activation="softmax"))
model.compile(keras.optimizers.Adam(learning_rate=0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=8, batch_size=16, verbose=0)
test_loss, test_acc = model.evaluate(X_test, y_test, verbose=0)
print(f"test accuracy {test_acc:.3f}")
