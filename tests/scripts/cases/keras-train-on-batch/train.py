import numpy as np
from keras.layers import Dense, Input
from keras.models import Sequential
from keras.utils import set_random_seed
from sklearn.datasets import load_digits

set_random_seed(5)
digits = load_digits()
x, y = digits.data / 16, digits.target
x_train, y_train, x_test, y_test = x[:1400], y[:1400], x[1400:], y[1400:]

model = Sequential([Input((64,)), Dense(32, activation="relu"), Dense(10, activation="softmax")])
model.compile(loss="sparse_categorical_crossentropy", optimizer="adam", metrics=["accuracy"])

for epoch in range(6):
    order = np.random.permutation(len(x_train))
    for start in range(0, len(order), 50):
        rows = order[start:start + 50]
        loss, acc = model.train_on_batch(x_train[rows], y_train[rows])
    print("epoch", epoch, "last batch", loss, acc)

print(model.evaluate(x_test, y_test, verbose=0))
