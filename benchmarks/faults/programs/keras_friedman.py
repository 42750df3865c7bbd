import keras
import numpy as np
from keras import layers
from sklearn.datasets import make_friedman1
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

n_epochs = 30
lr = 0.01

X, y = make_friedman1(n_samples=700, n_features=8, noise=0.5, random_state=3)
X = X * np.array([1, 10, 0.1, 100, 1, 5, 1, 0.01])
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=3)

scaler = StandardScaler().fit(X_train)
X_train = scaler.transform(X_train)
X_test = scaler.transform(X_test)


def build_model():
    model = keras.Sequential()
    model.add(keras.Input((X_train.shape[1],)))
    model.add(layers.Dense(32, activation="relu"))
    model.add(layers.Dense(16, activation="relu"))
    model.add(layers.Dense(1))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=lr), loss="mse", metrics=["mae"])
    return model


model = build_model()
model.fit(X_train, y_train, epochs=n_epochs, batch_size=32, verbose=0)
y_pred = model.predict(X_test, verbose=0).ravel()
r2 = r2_score(y_test, y_pred)
print("R2:", r2)
