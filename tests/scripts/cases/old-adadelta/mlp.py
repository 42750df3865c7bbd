'''Learns 8 x 8 digits with the optimizer's default rate.'''
from __future__ import print_function
import keras
import numpy as np
from keras.layers import Dense, Dropout
from keras.models import Sequential
from sklearn.datasets import load_digits

np.random.seed(1337)
x, y = load_digits(return_X_y=True)
x = x.astype('float32') / 16
y = keras.utils.to_categorical(y, 10)

model = Sequential()
model.add(Dense(64, activation='relu', input_shape=(64,)))
model.add(Dropout(0.2))
model.add(Dense(10, activation='softmax'))
model.compile(loss=keras.losses.categorical_crossentropy, optimizer=keras.optimizers.Adadelta(), metrics=['accuracy'])
model.fit(x[:1500], y[:1500], batch_size=32, epochs=8, verbose=2, validation_data=(x[1500:], y[1500:]))
score = model.evaluate(x[1500:], y[1500:], verbose=0)
print('Test loss:', score[0])
print('Test accuracy:', score[1])
