import numpy as np
import pandas as pd
import tensorflow as tf
from tensorflow.keras.layers import Dense, Dropout
from tensorflow.keras.models import Sequential
from tensorflow.keras.utils import to_categorical

tf.random.set_seed(3)
np.random.seed(3)

beans = pd.read_csv('beans.csv')
X = beans[['length', 'width', 'weight', 'gloss']].to_numpy('float32')
X = (X - X.mean(axis=0)) / X.std(axis=0)
Y = to_categorical(beans['kind'])
trainX, testX = X[:130], X[130:]
trainY, testY = Y[:130], Y[130:]

model = Sequential()
model.add(Dense(24, input_shape=(4,), activation='relu'))
model.add(Dropout(0.1))
model.add(Dense(3, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(trainX, trainY, epochs=25, batch_size=8, verbose=0)

score = model.evaluate(testX, testY, verbose=0)
print('Test score:', score[0])
print('Test accuracy:', score[1])
