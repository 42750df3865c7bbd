import tensorflow as tf


class ConvNet(tf.keras.Model):
    """Two convolutions and a dense layer."""

    def __init__(self, filters=8, hidden=32):
        super().__init__()
        self.conv1 = tf.keras.layers.Conv2D(filters, 3, activation='relu')
        self.conv2 = tf.keras.layers.Conv2D(filters, 3, strides=2, activation='relu')
        self.flatten = tf.keras.layers.Flatten()
        self.dense = tf.keras.layers.Dense(hidden, activation='relu')
        self.out = tf.keras.layers.Dense(10, activation='softmax')

    def call(self, x):
        x = self.conv1(x)
        x = self.conv2(x)
        x = self.flatten(x)
        x = self.dense(x)
        return self.out(x)
