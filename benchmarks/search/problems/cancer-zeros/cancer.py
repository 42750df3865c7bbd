import numpy as np
from sklearn import datasets
from sklearn.model_selection import train_test_split
from tensorflow import keras

EPOCHS = 20
BATCH_SIZE = 32


def load():
    """features and labels, a fifth for testing"""
    data = datasets.load_breast_cancer()
    return train_test_split(data.data.astype(np.float32), data.target, test_size=0.2, random_state=42)


def build(n_features):
    return keras.Sequential([
        keras.layers.Input(shape=(n_features,)),
        keras.layers.Dense(32, activation='relu', kernel_initializer='zeros'),
        keras.layers.Dense(16, activation='relu', kernel_initializer='zeros'),
        keras.layers.Dense(1, activation='sigmoid', kernel_initializer='zeros'),
    ])


if __name__ == '__main__':
    X_train, X_test, y_train, y_test = load()
    model = build(X_train.shape[1])
    model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
    model.fit(X_train, y_train, epochs=EPOCHS, batch_size=BATCH_SIZE, verbose=0)
    loss, accuracy = model.evaluate(X_test, y_test, verbose=0)
    print(f'Test accuracy: {accuracy:.4f}')
