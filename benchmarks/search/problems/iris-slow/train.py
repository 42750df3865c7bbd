#!/usr/bin/env python
"""Iris with the functional API."""
import argparse

import tensorflow as tf
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=25)
parser.add_argument("--lr", type=float, default=1e-4, help="learning rate")
parser.add_argument("--hidden", type=int, default=16)
args = parser.parse_args()

x, y = load_iris(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, test_size=0.3, random_state=7, stratify=y)

inputs = tf.keras.Input(shape=(4,))
hidden = tf.keras.layers.Dense(args.hidden, activation="relu")(inputs)
hidden = tf.keras.layers.Dense(args.hidden, activation="relu")(hidden)
outputs = tf.keras.layers.Dense(3, activation="softmax")(hidden)
model = tf.keras.Model(inputs, outputs)

model.compile(
    optimizer=tf.keras.optimizers.SGD(learning_rate=args.lr),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(x_train, y_train, epochs=args.epochs, batch_size=8, verbose=0)

test_loss, test_acc = model.evaluate(x_test, y_test, verbose=0)
print("test accuracy:", round(test_acc, 4))
