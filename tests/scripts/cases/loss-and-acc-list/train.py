import keras
from sklearn.datasets import load_iris
from sklearn.utils import shuffle

keras.utils.set_random_seed(19)
x, y = shuffle(*load_iris(return_X_y=True), random_state=19)
x = x.astype("float32")
net = keras.Sequential([keras.layers.Normalization(), keras.layers.Dense(3, activation="softmax")])
net.layers[0].adapt(x[:100])
net.compile(keras.optimizers.Adam(0.05), "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(x[:100], y[:100], epochs=10, verbose=0)


def report():
    print(net.evaluate(x[100:], y[100:], verbose=0))


report()
