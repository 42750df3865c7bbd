from keras.models import Sequential
from keras.layers import Dense, Input
from keras.utils import set_random_seed
from sklearn.datasets import load_breast_cancer
from sklearn.preprocessing import scale

set_random_seed(50)
X, y = load_breast_cancer(return_X_y=True)
X = scale(X)
model = Sequential()
model.add(Input(shape=(30,)))
model.add(Dense(10, activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X[:400], y[:400], epochs=3, verbose=0)
acc = model.evaluate(X[400:], y[400:], verbose=0)[1]
