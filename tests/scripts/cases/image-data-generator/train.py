import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from tensorflow.keras.preprocessing.image import ImageDataGenerator

np.random.seed(8)
tf.random.set_seed(8)

digits = load_digits()
images = digits.images.reshape(-1, 8, 8, 1)
labels = tf.keras.utils.to_categorical(digits.target)
x_train, y_train = images[:1200], labels[:1200]
x_test, y_test = images[1200:], labels[1200:]

augment = ImageDataGenerator(rescale=1.0 / 16, width_shift_range=1)
plain = ImageDataGenerator(rescale=1.0 / 16)

model = tf.keras.models.Sequential([
    tf.keras.layers.Conv2D(16, (3, 3), activation="relu", input_shape=(8, 8, 1)),
    tf.keras.layers.Flatten(),
    tf.keras.layers.Dense(10, activation="softmax"),
])
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(augment.flow(x_train, y_train, batch_size=40, seed=8), epochs=5, verbose=2)

test_loss, test_acc = model.evaluate(plain.flow(x_test, y_test, batch_size=40, shuffle=False), verbose=0)
print("test:", test_acc)
