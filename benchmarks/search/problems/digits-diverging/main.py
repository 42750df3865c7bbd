import json

import keras
from keras import layers, optimizers
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

with open("config.json") as f:
    config = json.load(f)

digits = load_digits()
x_tr, x_te, y_tr, y_te = train_test_split(digits.data, digits.target, test_size=0.25, random_state=1)
y_tr = keras.utils.to_categorical(y_tr, 10)
y_te = keras.utils.to_categorical(y_te, 10)

net = keras.Sequential()
net.add(layers.Input((64,)))
for n in config["hidden"]:
    net.add(layers.Dense(n, activation="relu"))
net.add(layers.Dense(10, activation="softmax"))

net.compile(
    loss="categorical_crossentropy",
    optimizer=optimizers.SGD(config["learning_rate"], momentum=0.9),
    metrics=["accuracy"],
)
net.fit(x_tr, y_tr, batch_size=config["batch_size"], epochs=config["epochs"], verbose=0)
score = net.evaluate(x_te, y_te, verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])
