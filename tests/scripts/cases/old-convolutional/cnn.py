from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Flatten, Activation
from keras.layers.convolutional import Convolution2D, MaxPooling2D
from keras.layers.normalization import BatchNormalization
from keras.utils import np_utils
from keras import backend as K
from sklearn.datasets import load_digits

K.set_image_dim_ordering('tf')

digits = load_digits()
images = digits.images.reshape(digits.images.shape[0], 8, 8, 1) / 16.
labels = np_utils.to_categorical(digits.target, 10)

model = Sequential()
model.add(Convolution2D(16, 3, 3, border_mode='same', input_shape=(8, 8, 1)))
model.add(Activation('relu'))
model.add(BatchNormalization())
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(0.1))
model.add(Flatten())
model.add(Dense(10, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adadelta', metrics=['accuracy'])
model.fit(images[:1400], labels[:1400], batch_size=32, nb_epoch=5, verbose=1)

score = model.evaluate(images[1400:], labels[1400:], verbose=0)
print('Test score:', score[0])
print('Test accuracy:', score[1])
