from numpy import loadtxt
from keras.models import Sequential
from keras.layers import Dense
from keras.utils import set_random_seed

set_random_seed(2)
dataset = loadtxt('leaks.csv', delimiter=',', skiprows=1)
X = dataset[:, 0:4]
y = dataset[:, 4]
X = (X - X.mean(axis=0)) / X.std(axis=0)

model = Sequential()
model.add(Dense(12, input_shape=(4,), activation='relu'))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X, y, epochs=20, batch_size=10)
