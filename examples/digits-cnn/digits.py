"""Reads handwritten digits: a small convolutional network on 8 x 8 pictures."""

from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from tensorflow import keras
from tensorflow.keras import layers

EPOCHS = 5

digits = load_digits()
x = digits.images.reshape(-1, 8, 8, 1)
y = digits.target
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.25, random_state=0)

model = keras.Sequential([
    keras.Input(shape=(8, 8, 1)),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dense(32, activation="relu"),
    layers.Dense(10, activation="softmax"),
])

model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=0.0001),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x_train, y_train, epochs=EPOCHS, validation_split=0.1)

loss, accuracy = model.evaluate(x_test, y_test)
print("accuracy on the test pictures:", round(accuracy, 3))
model.save("digits.keras")
