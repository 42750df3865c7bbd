import numpy as np
import matplotlib.pyplot as plt
from keras.callbacks import ModelCheckpoint
from keras.layers import Dense
from keras.models import Sequential
from keras.utils import np_utils
from sklearn.datasets import load_digits

np.random.seed(2)
data = load_digits()
X, Y = data.data / 16.0, np_utils.to_categorical(data.target)

model = Sequential()
model.add(Dense(32, input_dim=64, activation='relu'))
model.add(Dense(10, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['acc'])

keep = ModelCheckpoint('weights/best.hdf5', monitor='val_acc', save_best_only=True, mode='max', verbose=1)
history = model.fit(X, Y, validation_split=0.25, epochs=8, batch_size=32, callbacks=[keep], verbose=0)

plt.plot(history.history['acc'])
plt.plot(history.history['val_acc'])
plt.title('model accuracy')
plt.legend(['train', 'test'], loc='upper left')
plt.savefig('curve.png')
plt.show()
