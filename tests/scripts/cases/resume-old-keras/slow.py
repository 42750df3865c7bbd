import numpy as np
from keras.layers import Dense, Activation
from keras.models import Sequential
from keras.utils import np_utils

np.random.seed(81)
x = np.random.normal(size=(14000, 32))
y = np_utils.to_categorical((x[:, :2].prod(axis=1) + x[:, 2] > 0).astype(int), 2)

model = Sequential()
model.add(Dense(output_dim=32, input_dim=32, init='glorot_uniform'))
model.add(Activation('relu'))
model.add(Dense(output_dim=2))
model.add(Activation('softmax'))
model.compile(loss='categorical_crossentropy', optimizer='sgd', metrics=['accuracy'])
model.fit(x[:12000], y[:12000], nb_epoch=10, batch_size=16, verbose=2)
score = model.evaluate(x[12000:], y[12000:], verbose=0)
print('Test accuracy:', score[1])
