"""Keras scripts in the styles in which people build networks; each trains for real within a second."""

COLLECTED = b"""\
import keras
from keras.layers import Activation, BatchNormalization, Dense, Input
from sklearn.datasets import load_iris

X, y = load_iris(return_X_y=True)
WIDTH = 4
layers = [Input(shape=(4,)), Dense(WIDTH, kernel_initializer='zeros')]
layers.append(Activation('tanh'))
layers.append(Dense(3, activation='softmax'))
net = keras.Sequential(layers)
net.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
stopping = keras.callbacks.EarlyStopping(monitor='loss', patience=1)
net.fit(X, y, epochs=1, verbose=0, callbacks=[stopping])
net.save('model.keras')
"""

LOOPED = b"""\
import numpy as np
from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras.models import Sequential
from tensorflow.keras.regularizers import l2

DEPTH = 2

def build_model(width=5):
    model = Sequential()
    model.add(Dense(width, activation="sigmoid", input_shape=(6,)))
    for _ in range(DEPTH):
        model.add(Dense(8, activation="sigmoid", kernel_regularizer=l2(0.5)))
        model.add(Dropout(0.6))
    model.add(Dense(1, activation="softmax"))
    model.compile(optimizer="sgd", loss="binary_crossentropy", metrics=["accuracy"])
    return model

rng = np.random.default_rng(0)
x_train = rng.normal(size=(64, 6))
y_train = (x_train[:, 0] > 1).astype(int)
model = build_model()
history = model.fit(x_train, y_train, epochs=1, batch_size=16, verbose=0)
model.save("model.h5")
"""

BRANCHES = b"""\
import numpy as np
import tensorflow as tf
from tensorflow import keras

rng = np.random.default_rng(0)
left, right = rng.normal(size=(60, 3)), rng.normal(size=(60, 5))
labels = keras.utils.to_categorical(rng.integers(0, 3, 60), 3)

a_in = keras.Input(shape=(3,))
b_in = keras.Input((5,))
a = keras.layers.Dense(4, activation=tf.nn.tanh)(a_in)
b = keras.layers.Dense(4)(b_in)
b = keras.layers.BatchNormalization()(b)
b = keras.layers.Activation("sigmoid")(b)
x = keras.layers.concatenate([a, b])
x = keras.layers.Dense(6, kernel_regularizer=keras.regularizers.L1L2(0.1, 0.2))(x)
out = keras.layers.Dense(3, activation="sigmoid")(x)
model = keras.Model(inputs=[a_in, b_in], outputs=out)
model.compile(
    optimizer=keras.optimizers.SGD(0.01),
    loss=keras.losses.MeanSquaredError(),
    metrics=["accuracy"],
)
model.fit([left, right], labels, epochs=1, verbose=0)
model.save("model.keras")
"""

SUBCLASSED = b"""\
import keras
from keras import layers
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split


class Classifier(keras.Model):
    def __init__(self, classes):
        super().__init__()
        self.hidden = layers.Dense(6, "sigmoid", kernel_initializer=keras.initializers.RandomUniform(-9, 9))
        self.answer = layers.Dense(classes)

    def call(self, inputs):
        x = self.hidden(inputs)
        return self.answer(x)


X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = Classifier(3)
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
)
model.fit(X_train, y_train, epochs=1, verbose=0)
print(model.evaluate(X_test, y_test, verbose=0)[1])
"""

DIGITS = b"""\
import keras
from keras.layers import Conv2D, Dense, Flatten, MaxPooling2D
from sklearn.datasets import load_digits

images, labels = load_digits(return_X_y=True)
images = images.reshape(-1, 8, 8, 1)[:200]
onehot = keras.utils.to_categorical(labels, 10)[:200]

cnn = keras.models.Sequential([
    Conv2D(4, (3, 3), activation='relu', input_shape=(8, 8, 1)),  # edges
    MaxPooling2D((2, 2)),
    Flatten(),
    Dense(10),
])
cnn.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
cnn.fit(images, onehot, epochs=1, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN()])
cnn.save('model.keras')
"""

TWO_NETWORKS = b"""\
import numpy as np
from tensorflow.keras.layers import *
from tensorflow.keras.models import *

def block(x, filters):
    x = Conv2D(filters, 3, padding="same")(x)
    return ReLU()(x)

def encoder():
    model = Sequential()
    model.add(Dense(2, input_dim=3))
    return model

def network(shape=(16, 16, 1)):
    inputs = Input(shape)
    x = block(inputs, 4)
    x = MaxPooling2D()(x)
    x = block(x, 8)
    x = Conv2D(8, 3, activation="tanh")(x)
    x = MaxPooling2D()(x)
    x = Flatten()(x)
    h = Dense(7, "relu")(x)
    outputs = Dense(2, "softmax")(h)
    return Model(inputs, outputs)

pictures = np.random.default_rng(0).random((40, 16, 16, 1)) * 255
classes = np.arange(40) % 2
unused = encoder()
net = network()
net.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(pictures, classes, epochs=1, verbose=0)
net.save("model.h5")
"""

IN_A_CLASS = b"""\
import numpy as np
import tensorflow as tf
from tensorflow.keras import layers, models

HIDDEN = [6, 4]
ACT = 'tanh'


class Trainer:
    def __init__(self, x, y):
        self.x, self.y = x, y
        self.model = self.build()

    def build(self):
        m = models.Sequential()
        for n, units in enumerate(HIDDEN):
            m.add(layers.Dense(units, activation=ACT, name=f'hidden_{n}'))
        m.add(layers.Dense(1, ACT))
        return m

    def run(self):
        self.model.compile(optimizer='sgd', loss=tf.keras.losses.binary_crossentropy, metrics=['acc'])
        self.model.fit(self.x, self.y, epochs=1, verbose=0)
        self.model.save('model.keras')


Trainer(np.random.rand(40, 20), np.arange(40) % 2).run()
"""

FORKED = b"""\
import keras
import numpy as np
from keras import layers

pictures = np.random.default_rng(0).random((30, 12, 12, 3))
labels = keras.utils.to_categorical(np.arange(30) % 4)


def network():
    inputs = keras.Input(shape=(12, 12, 3))
    small = layers.Conv2D(4, 3, padding='same', activation='relu')(inputs)
    large = layers.Conv2D(4, 5, padding='same', activation='relu')(inputs)
    both = layers.Concatenate()([small, large])
    pooled = layers.MaxPooling2D()(both)
    flat = layers.Flatten()(pooled)
    logits = layers.Dense(4)(flat)
    return keras.Model(inputs, logits)


model = network()
loss_fn = keras.losses.CategoricalCrossentropy(from_logits=True)
model.compile('adam', loss_fn, metrics=['accuracy'])
model.fit(pictures, labels, epochs=1, verbose=0)
model.save('model.keras')
"""

EVERY = {
    "collected": COLLECTED,
    "looped": LOOPED,
    "branches": BRANCHES,
    "subclassed": SUBCLASSED,
    "digits": DIGITS,
    "two networks": TWO_NETWORKS,
    "in a class": IN_A_CLASS,
    "forked": FORKED,
}
