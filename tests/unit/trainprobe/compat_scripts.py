"""Scripts in the style of the tutorials of 2015 to 2019; each keeps its accuracy (or another score) in ``acc``."""

PIMA = """
from keras.models import Sequential
from keras.layers import Dense
import numpy
numpy.random.seed(7)
X = numpy.random.rand(400, 8)
Y = (X[:, 0] + X[:, 1] > 1).astype(numpy.float)
model = Sequential()
model.add(Dense(12, input_dim=8, init='uniform', activation='relu'))
model.add(Dense(1, init='uniform', activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
history = model.fit(X, Y, nb_epoch=25, batch_size=10, verbose=0, validation_split=0.33)
print(history.history['acc'][-1], history.history['val_acc'][-1])
rounded = [round(x[0]) for x in model.predict(X)]
scores = model.evaluate(X, Y)
print("%s: %.2f%%" % (model.metrics_names[1], scores[1]*100))
acc = scores[1]
"""

IRIS_FOLDS = """
import numpy
import pandas
from keras.models import Sequential
from keras.layers import Dense
from keras.wrappers.scikit_learn import KerasClassifier
from keras.utils import np_utils
from sklearn.cross_validation import cross_val_score
from sklearn.model_selection import KFold
from sklearn.preprocessing import LabelEncoder
from sklearn.datasets import load_iris
numpy.random.seed(7)
iris = load_iris()
frame = pandas.DataFrame(iris.data)
frame[4] = [iris.target_names[i] for i in iris.target]
dataset = frame.values
X = dataset[:, 0:4].astype(float)
encoder = LabelEncoder()
encoder.fit(dataset[:, 4])
dummy_y = np_utils.to_categorical(encoder.transform(dataset[:, 4]))
def baseline_model():
    model = Sequential()
    model.add(Dense(8, input_dim=4, activation='relu'))
    model.add(Dense(3, activation='softmax'))
    model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model
estimator = KerasClassifier(build_fn=baseline_model, nb_epoch=40, batch_size=5, verbose=0)
kfold = KFold(n_splits=3, shuffle=True, random_state=7)
results = cross_val_score(estimator, X, dummy_y, cv=kfold)
print("Baseline: %.2f%% (%.2f%%)" % (results.mean()*100, results.std()*100))
acc = results.mean()
"""

GRID = """
import numpy
from sklearn.grid_search import GridSearchCV
from sklearn.externals import joblib
from keras.models import Sequential
from keras.layers import Dense, Dropout
from keras.wrappers.scikit_learn import KerasClassifier
from keras.constraints import maxnorm
def create_model(optimizer='rmsprop', init='glorot_uniform'):
    model = Sequential()
    model.add(Dense(12, input_dim=8, init=init, activation='relu', W_constraint=maxnorm(4)))
    model.add(Dropout(0.1))
    model.add(Dense(1, init=init, activation='sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer=optimizer, metrics=['accuracy'])
    return model
numpy.random.seed(7)
X = numpy.random.rand(240, 8)
Y = (X[:, 0] + X[:, 1] > 1) * 1
grid = GridSearchCV(estimator=KerasClassifier(build_fn=create_model, verbose=0), n_jobs=-1, cv=2,
                    param_grid=dict(optimizer=['sgd', 'adam'], nb_epoch=[30], batch_size=[5], init=['uniform']))
grid_result = grid.fit(X, Y)
print("Best: %f using %s" % (grid_result.best_score_, grid_result.best_params_))
assert grid_result.best_params_['optimizer'] == 'adam'
assert grid.best_estimator_.predict_proba(X[:4]).shape == (4, 2)
acc = grid_result.best_score_
"""

DIABETES_REGRESSION = """
import numpy as np
from keras.models import Sequential
from keras.layers import Dense
from keras.wrappers.scikit_learn import KerasRegressor
from sklearn.model_selection import cross_val_score, KFold
from sklearn.preprocessing import StandardScaler
from sklearn.pipeline import Pipeline
from sklearn.datasets import load_diabetes
X, Y = load_diabetes(return_X_y=True)
Y = Y / 100.
def wider_model():
    model = Sequential()
    model.add(Dense(20, input_dim=10, kernel_initializer='normal', activation='relu'))
    model.add(Dense(1, kernel_initializer='normal'))
    model.compile(loss='mean_squared_error', optimizer='adam')
    return model
estimators = []
estimators.append(('standardize', StandardScaler()))
estimators.append(('mlp', KerasRegressor(build_fn=wider_model, epochs=20, batch_size=5, verbose=0)))
pipeline = Pipeline(estimators)
results = cross_val_score(pipeline, X, Y, cv=KFold(n_splits=2, random_state=7))
print("Wider: %.2f (%.2f) MSE" % (results.mean(), results.std()))
pipeline.fit(X, Y)
assert pipeline.predict(X[:3]).shape == (3,)
acc = 1 + results.mean()
"""

THEANO_ORDER = """
import numpy
from keras.models import Sequential
from keras.layers import Dense, Dropout, Flatten
from keras.layers.convolutional import Convolution2D
from keras.layers.convolutional import MaxPooling2D
from keras.layers.normalization import BatchNormalization
from keras.utils import np_utils
from keras import backend as K
from sklearn.datasets import load_digits
K.set_image_dim_ordering('th')
digits = load_digits()
X = digits.images.reshape(-1, 1, 8, 8).astype('float32') / 16
y = np_utils.to_categorical(digits.target, nb_classes=10)
X_train, X_test, y_train, y_test = X[:1400], X[1400:], y[:1400], y[1400:]
model = Sequential()
model.add(Convolution2D(16, 3, 3, border_mode='valid', input_shape=(1, 8, 8), activation='relu'))
model.add(BatchNormalization(axis=1, mode=0))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Dropout(p=0.2))
model.add(Flatten())
model.add(Dense(64, activation='relu'))
model.add(Dense(10, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X_train, y_train, validation_data=(X_test, y_test), nb_epoch=6, batch_size=50, verbose=0)
assert model.layers[0].output_shape == (None, 16, 6, 6)
acc = (model.predict_classes(X_test) == y_test.argmax(axis=1)).mean()
"""

IMAGE_GENERATOR = """
from __future__ import print_function
import keras
from keras.preprocessing.image import ImageDataGenerator
from keras.models import Sequential
from keras.layers import Dense, Dropout, Activation, Flatten
from keras.layers import Conv2D, MaxPooling2D
from keras.callbacks import ModelCheckpoint, EarlyStopping, ReduceLROnPlateau, TensorBoard
import glob, numpy as np
batch_size, num_classes = 32, 4
rng = np.random.RandomState(0)
y = rng.randint(0, num_classes, 400)
x = rng.randint(0, 60, (400, 16, 16, 3)).astype('uint8')
for i, c in enumerate(y):
    x[i, (c // 2) * 8:(c // 2) * 8 + 8, (c % 2) * 8:(c % 2) * 8 + 8] += 120
x_train, y_train, x_test, y_test = x[:300], y[:300], x[300:], y[300:]
y_train = keras.utils.to_categorical(y_train, num_classes)
y_test = keras.utils.to_categorical(y_test, num_classes)
model = Sequential()
model.add(Conv2D(16, (3, 3), padding='same', input_shape=x_train.shape[1:]))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(num_classes))
model.add(Activation('softmax'))
opt = keras.optimizers.rmsprop(lr=0.001, decay=1e-6)
model.compile(loss='categorical_crossentropy', optimizer=opt, metrics=['accuracy'])
x_train = x_train.astype('float32') / 255
x_test = x_test.astype('float32') / 255
datagen = ImageDataGenerator(featurewise_center=False, width_shift_range=0.05, horizontal_flip=False)
datagen.fit(x_train)
history = model.fit_generator(
    datagen.flow(x_train, y_train, batch_size=batch_size), steps_per_epoch=len(x_train) / batch_size, epochs=8,
    verbose=0, validation_data=(x_test, y_test), workers=4, use_multiprocessing=True,
    callbacks=[ModelCheckpoint('weights.{epoch:02d}-{val_acc:.2f}.hdf5', monitor='val_acc', save_best_only=True,
                               period=1),
               EarlyStopping(monitor='val_acc', patience=3), ReduceLROnPlateau(monitor='val_acc', patience=2),
               TensorBoard(log_dir='./logs', histogram_freq=0)])
assert glob.glob('weights.0*-?.??.hdf5')
assert len(history.history['val_acc']) == len(history.history['val_accuracy']) >= 4
assert model.predict_generator(datagen.flow(x_test, shuffle=False), steps=2).shape == (64, 4)
acc = model.evaluate_generator(datagen.flow(x_test, y_test), steps=20)[1]
"""

FOLDERS = """
import os, numpy as np
from PIL import Image
for part, n in (('train', 24), ('validation', 12)):
    for c, base in (('cats', 40), ('dogs', 180)):
        os.makedirs('data/%s/%s' % (part, c))
        for i in range(n):
            pixels = np.random.randint(base, base + 40, (20, 20, 3)).astype('uint8')
            Image.fromarray(pixels).save('data/%s/%s/%d.png' % (part, c, i))
from keras.preprocessing.image import ImageDataGenerator, img_to_array, load_img
from keras.models import Sequential
from keras.layers import Convolution2D, MaxPooling2D
from keras.layers import Activation, Dropout, Flatten, Dense
from keras.optimizers import RMSprop
from keras import backend as K
if K.image_dim_ordering() == 'th':
    input_shape = (3, 16, 16)
else:
    input_shape = (16, 16, 3)
model = Sequential()
model.add(Convolution2D(8, 3, 3, input_shape=input_shape))
model.add(Activation('relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense(1))
model.add(Activation('sigmoid'))
model.compile(loss='binary_crossentropy', optimizer=RMSprop(lr=0.005), metrics=['accuracy'])
train = ImageDataGenerator(rescale=1. / 255, shear_range=0.2, horizontal_flip=True).flow_from_directory(
    'data/train', target_size=(16, 16), batch_size=8, class_mode='binary')
validation = ImageDataGenerator(rescale=1. / 255).flow_from_directory(
    'data/validation', target_size=(16, 16), batch_size=8, class_mode='binary')
history = model.fit_generator(train, samples_per_epoch=160, nb_epoch=8, verbose=0,
                              validation_data=validation, nb_val_samples=80)
assert len(history.history['val_acc']) == 8
assert (train.nb_sample, train.nb_class) == (48, 2)
assert img_to_array(load_img('data/train/cats/0.png'), dim_ordering='tf').shape == (20, 20, 3)
model.save_weights('first_try.h5')
acc = model.evaluate_generator(validation, 50)[1]
"""

KERAS_1_GENERATOR = """
from keras.models import Sequential
from keras.layers.core import Dense, Dropout, Activation, Reshape, Flatten
from keras.layers.convolutional import Convolution2D, MaxPooling2D, ZeroPadding2D, AveragePooling2D
from keras.optimizers import SGD
from keras.regularizers import l2, activity_l2, WeightRegularizer
import numpy as np
def gen(n):
    r = np.random.RandomState(n)
    while True:
        y = r.randint(0, 2, 16)
        yield [r.rand(16, 8, 8, 1) + y[:, None, None, None], y]
model = Sequential()
model.add(ZeroPadding2D((1, 1), input_shape=(8, 8, 1), dim_ordering='tf'))
model.add(Convolution2D(nb_filter=8, nb_row=3, nb_col=3, border_mode='same', subsample=(1, 1),
                        W_regularizer=l2(0.0001), activation='relu'))
model.add(Convolution2D(8, 3, 3, border_mode='same', init='he_normal',
                        b_regularizer=WeightRegularizer(l1=0.0, l2=0.001)))
model.add(AveragePooling2D(pool_size=(2, 2), strides=(2, 2), border_mode='valid'))
model.add(Flatten())
model.add(Dense(output_dim=16, init='lecun_uniform', activation='relu', W_regularizer=l2(0.01)))
model.add(Dropout(p=0.3))
model.add(Dense(1))
model.add(Activation('sigmoid'))
sgd = SGD(lr=0.05, decay=1e-6, momentum=0.9, nesterov=True)
model.compile(loss='binary_crossentropy', optimizer=sgd, metrics=['accuracy'], class_mode='binary')
model.fit_generator(gen(1), samples_per_epoch=320, nb_epoch=4, validation_data=gen(2), nb_val_samples=64, verbose=0,
                    nb_worker=1, max_q_size=5)
assert int(model.optimizer.iterations) == 80
acc = model.evaluate_generator(gen(3), val_samples=64)[1]
"""

FUNCTIONAL_MERGE = """
import numpy as np
from keras.layers import Input, Dense, merge, Embedding, LSTM, Dropout, Flatten
from keras.layers.merge import concatenate, Add
from keras.models import Model
from keras.engine.topology import Layer
from keras import backend as K, initializers
class Attention(Layer):
    def __init__(self, **kwargs):
        self.init = initializers.get('glorot_uniform')
        super(Attention, self).__init__(**kwargs)
    def build(self, input_shape):
        self.W = self.add_weight((input_shape[-1], 1), initializer=self.init, name='{}_W'.format(self.name))
        self.built = True
    def call(self, x, mask=None):
        e = K.exp(K.tanh(K.squeeze(K.dot(x, self.W), -1)))
        a = K.expand_dims(e / K.cast(K.sum(e, axis=1, keepdims=True) + K.epsilon(), K.floatx()))
        return K.sum(x * a, axis=1)
    def compute_output_shape(self, input_shape):
        return input_shape[0], input_shape[-1]
rng = np.random.RandomState(1)
a, b = rng.randint(0, 10, (300, 6)), rng.rand(300, 4)
y = ((a == 3).any(axis=1)).astype(int)
left = Input(shape=(6,), dtype='int32', name='left')
right = Input(shape=(4,), name='right')
x = Embedding(output_dim=16, input_dim=10, input_length=6, dropout=0.1)(left)
x = LSTM(16, return_sequences=True, dropout_W=0.1, dropout_U=0.1, consume_less='cpu')(x)
x = Attention()(x)
m = merge([x, Dense(8)(right)], mode='concat', concat_axis=1)
s = merge([Dense(8)(m), Dense(8)(m)], mode='sum')
out = Dense(1, activation='sigmoid')(Dropout(0.1)(s))
model = Model(input=[left, right], output=out)
model.compile('adam', 'binary_crossentropy', metrics=['acc'])
h = model.fit([a[:200], b[:200]], y[:200], nb_epoch=40, validation_data=([a[200:], b[200:]], y[200:]), verbose=0)
assert h.history['acc'] == h.history['accuracy']
from keras.utils.vis_utils import plot_model
plot_model(model, to_file='model.png')
acc = model.evaluate({'left': a[200:], 'right': b[200:]}, y[200:], verbose=0)[1]
"""
