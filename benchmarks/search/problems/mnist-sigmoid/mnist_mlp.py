from __future__ import print_function
import keras
from keras.datasets import mnist
from keras.models import Sequential
from keras.layers import Dense

batch_size = 128
num_classes = 10
epochs = 5

# only a part, my laptop is slow
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train = x_train[:2000].reshape(2000, 784).astype('float32')
y_train = y_train[:2000]
x_test = x_test[:1000].reshape(1000, 784).astype('float32')
y_test = y_test[:1000]

y_train = keras.utils.to_categorical(y_train, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)

model = Sequential()
model.add(Dense(64, activation='sigmoid', input_shape=(784,)))
model.add(Dense(64, activation='sigmoid'))
model.add(Dense(num_classes, activation='softmax'))

model.compile(loss='categorical_crossentropy',
              optimizer='sgd',
              metrics=['accuracy'])

model.fit(x_train, y_train,
          batch_size=batch_size,
          epochs=epochs,
          verbose=0,
          validation_data=(x_test, y_test))
score = model.evaluate(x_test, y_test, verbose=0)
print('Test accuracy:', score[1])
