import tensorflow as tf

from model import ConvNet


def load(n_train=2000, n_test=500):
    (x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
    x_train = x_train[:n_train, ..., None] / 255.0
    x_test = x_test[:n_test, ..., None] / 255.0
    return (x_train, y_train[:n_train]), (x_test, y_test[:n_test])


def train(epochs=1, batch_size=1000, learning_rate=1e-3):
    (x_train, y_train), (x_test, y_test) = load()
    model = ConvNet()
    model.compile(
        optimizer=tf.keras.optimizers.Adam(learning_rate),
        loss='sparse_categorical_crossentropy',
        metrics=['accuracy'],
    )
    model.fit(x_train, y_train, epochs=epochs, batch_size=batch_size, verbose=0)
    return model.evaluate(x_test, y_test, verbose=0)[1]


if __name__ == '__main__':
    print('val_accuracy: %.4f' % train())
