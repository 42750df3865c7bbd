"""Is a handwritten digit odd or even?"""

from keras import Input, Sequential
from keras.layers import Dense
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

LAYERS = [32, 32]


def create_model(layers=LAYERS, optimizer="adam"):
    model = Sequential([Input(shape=(64,))])
    for units in layers:
        model.add(Dense(units))
    model.add(Dense(1, activation="sigmoid"))
    model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])
    return model


def main():
    X, y = load_digits(return_X_y=True)
    X = X / 16.0
    y = y % 2
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=5)
    model = create_model()
    model.fit(X_train, y_train, epochs=30, batch_size=32, verbose=0)
    accuracy = model.evaluate(X_test, y_test, verbose=0)[1]
    print("accuracy on test data: {:.2%}".format(accuracy))


main()
