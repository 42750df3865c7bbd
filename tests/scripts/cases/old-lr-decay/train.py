import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import StandardScaler

np.random.seed(10)
X, y = load_breast_cancer(return_X_y=True)
X = StandardScaler().fit_transform(X)

sgd = SGD(lr=0.05, decay=1e-4, momentum=0.9, nesterov=True)
model = Sequential()
model.add(Dense(8, activation='relu', input_dim=30))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer=sgd, metrics='accuracy')
model.fit(X[:400], y[:400], epochs=6, batch_size=16, validation_data=(X[400:], y[400:]))
