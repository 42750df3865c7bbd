import keras
from keras.datasets import mnist

keras.utils.set_random_seed(1)
(x_train, y_train), (x_test, y_test) = mnist.load_data('mymnist.db')
x_train = x_train[:3000].reshape(-1, 784).astype('float32') / 255
x_test = x_test[:1000].reshape(-1, 784).astype('float32') / 255

model = keras.Sequential([keras.layers.Dense(32, activation='relu'), keras.layers.Dense(10, activation='softmax')])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(x_train, y_train[:3000], epochs=3, batch_size=64, verbose=2)
model.evaluate(x_test, y_test[:1000], verbose=2)
