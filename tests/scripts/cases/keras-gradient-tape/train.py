import numpy as np
import tensorflow as tf
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

tf.random.set_seed(0)

digits = load_digits()
x_train, x_test, y_train, y_test = train_test_split(
    (digits.data / 16.0).astype("float32"), digits.target, test_size=300, random_state=0)


class Net(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.first = tf.keras.layers.Dense(32, activation="relu")
        self.last = tf.keras.layers.Dense(10)

    def call(self, x):
        return self.last(self.first(x))


net = Net()
loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = tf.keras.optimizers.Adam(0.005)
train_accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
test_accuracy = tf.keras.metrics.SparseCategoricalAccuracy()
batches = tf.data.Dataset.from_tensor_slices((x_train, y_train)).shuffle(1500, seed=0).batch(64)


@tf.function
def step(x, y):
    with tf.GradientTape() as tape:
        logits = net(x, training=True)
        loss = loss_of(y, logits)
    gradients = tape.gradient(loss, net.trainable_variables)
    optimizer.apply_gradients(zip(gradients, net.trainable_variables))
    train_accuracy.update_state(y, logits)


for epoch in range(4):
    train_accuracy.reset_state()
    test_accuracy.reset_state()
    for x, y in batches:
        step(x, y)
    test_accuracy.update_state(y_test, net(x_test))
    print("Epoch %d, Accuracy: %.2f, Test Accuracy: %.2f" % (
        epoch + 1, train_accuracy.result() * 100, test_accuracy.result() * 100))
