import os

import numpy as np
from keras.layers import Conv2D, Dense, Flatten, Input, MaxPooling2D
from keras.models import Sequential, load_model
from keras.utils import set_random_seed, to_categorical
from sklearn.datasets import load_digits

set_random_seed(61)
digits = load_digits()
X = digits.images.reshape(-1, 8, 8, 1) / 16
y = to_categorical(digits.target)

if os.path.isfile('mymodel.h5'):
    model = load_model('mymodel.h5')
else:
    model = Sequential()
    model.add(Input((8, 8, 1)))
    model.add(Conv2D(8, (3, 3), activation='relu'))
    model.add(MaxPooling2D((2, 2)))
    model.add(Flatten())
    model.add(Dense(10, activation='softmax'))
    model.compile(optimizer='adam', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(X[:1300], y[:1300], epochs=6, verbose=0)
accuracy = model.evaluate(X[1300:], y[1300:], verbose=0)[1]
model.save('mymodel.h5')
with open('accuracy.txt', 'w') as file:
    print(accuracy, file=file)
