import keras
from sklearn import datasets, model_selection

keras.utils.set_random_seed(12)
data, target = datasets.load_digits(return_X_y=True)
a, b, c, d = model_selection.train_test_split(data, target, test_size=0.2, random_state=12)
net = keras.Sequential([
    keras.layers.Rescaling(1 / 16),
    keras.layers.Dense(10, activation="softmax"),
])
net.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["acc"])
history = net.fit(a, c, epochs=8, batch_size=32, verbose=0, validation_data=(b, d))
print(history.history["acc"][-1], history.history["val_acc"][-1])
out = net.evaluate(b, d, verbose=0)
print("{}: {:.2f}%".format(net.metrics_names[1], out[1] * 100))
