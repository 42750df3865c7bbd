import keras
import numpy as np
from keras import layers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

EPOCHS = 12
BATCH_SIZE = 32

digits = load_digits()
X = digits.data[:1200] / 16.0
y = digits.target[:1200]
x_train, x_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=0)

model = keras.Sequential([
    layers.Input(shape=(64,)),
    layers.Dense(64, activation="relu"),
    layers.Dropout(0.2),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="softmax"),
])
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.002),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x_train, y_train, batch_size=BATCH_SIZE, epochs=EPOCHS, verbose=0)

predicted = np.argmax(model.predict(x_test, verbose=0), axis=1)
print("wrong:", np.sum(predicted != y_test))
loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print("Test accuracy:", accuracy)
