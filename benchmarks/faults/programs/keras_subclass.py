import keras
import numpy as np
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


class WineModel(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.hidden1 = keras.layers.Dense(32, activation="relu")
        self.hidden2 = keras.layers.Dense(16, activation="relu")
        self.out = keras.layers.Dense(classes, activation="softmax")

    def call(self, x):
        x = self.hidden1(x)
        x = self.hidden2(x)
        return self.out(x)


def main():
    X, y = load_wine(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=10, stratify=y)
    scaler = StandardScaler()
    X_train = scaler.fit_transform(X_train)
    X_test = scaler.transform(X_test)

    model = WineModel(len(np.unique(y)))
    model.compile(
        optimizer=keras.optimizers.RMSprop(learning_rate=0.005),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=["accuracy"],
    )
    model.fit(X_train, y_train, epochs=25, batch_size=16, verbose=0)
    loss, acc = model.evaluate(X_test, y_test, verbose=0)
    print("accuracy = %.4f" % acc)


if __name__ == "__main__":
    main()
