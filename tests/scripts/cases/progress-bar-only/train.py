import keras
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import scale


def run():
    keras.utils.set_random_seed(23)
    x, y = load_wine(return_X_y=True)
    x_train, x_test, y_train, y_test = train_test_split(scale(x), y, test_size=0.35, random_state=23)
    net = keras.Sequential([keras.layers.Dense(6, activation="relu"), keras.layers.Dense(3, activation="softmax")])
    net.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(x_train, y_train, epochs=25, batch_size=8)
    net.evaluate(x_test, y_test)


run()
