"""More scripts in the style of the tutorials of 2015 to 2019."""

REVIEWS = """
import numpy as np
from keras.preprocessing import sequence
from keras.preprocessing.text import Tokenizer
from keras.layers.embeddings import Embedding
from keras.layers.recurrent import LSTM, GRU
from keras.layers.wrappers import TimeDistributed, Bidirectional
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.layers import CuDNNLSTM
words = 'good great fine bad awful poor film plot actor'.split()
rng = np.random.RandomState(3)
texts, labels = [], []
for i in range(300):
    text = list(rng.choice(words[6:], 4))
    text.insert(rng.randint(4), rng.choice(words[:3] if i % 2 else words[3:6]))
    texts.append(' '.join(text))
    labels.append(i % 2)
tokens = Tokenizer(nb_words=50)
tokens.fit_on_texts(texts)
X = sequence.pad_sequences(tokens.texts_to_sequences(texts), maxlen=8)
model = Sequential()
model.add(Embedding(50, 16, input_length=8))
model.add(Bidirectional(LSTM(8, return_sequences=True)))
model.add(CuDNNLSTM(8))
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='nadam', metrics=['accuracy'])
model.fit(X[:200], labels[:200], epochs=6, batch_size=16, verbose=0)
score, acc = model.evaluate(X[200:], labels[200:], batch_size=16, show_accuracy=True)
print('Test score:', score)
print('Test accuracy:', acc)
"""

CHURN = """
import numpy as np
import pandas as pd
rng = np.random.RandomState(0)
n = 400
dataset = pd.DataFrame({'row': range(n), 'geo': rng.choice(['France', 'Spain', 'Germany'], n),
                        'gender': rng.choice(['Male', 'Female'], n), 'age': rng.randint(18, 80, n)})
dataset['exited'] = ((dataset.age > 50) & (dataset.geo != 'Spain')).astype(int)
X = dataset.iloc[:, 1:4].values
y = dataset.iloc[:, 4].values
from sklearn.preprocessing import LabelEncoder, OneHotEncoder
X[:, 0] = LabelEncoder().fit_transform(X[:, 0])
X[:, 1] = LabelEncoder().fit_transform(X[:, 1])
onehotencoder = OneHotEncoder(categorical_features = [0])
X = onehotencoder.fit_transform(X).toarray()
X = X[:, 1:]
from sklearn.cross_validation import train_test_split
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size = 0.2, random_state = 0)
from sklearn.preprocessing import StandardScaler
sc = StandardScaler()
X_train = sc.fit_transform(X_train)
X_test = sc.transform(X_test)
import keras
from keras.models import Sequential
from keras.layers import Dense
classifier = Sequential()
classifier.add(Dense(output_dim = 6, init = 'uniform', activation = 'relu', input_dim = 4))
classifier.add(Dense(output_dim = 6, init = 'uniform', activation = 'relu'))
classifier.add(Dense(output_dim = 1, init = 'uniform', activation = 'sigmoid'))
classifier.compile(optimizer = 'adam', loss = 'binary_crossentropy', metrics = ['accuracy'])
classifier.fit(X_train, y_train, batch_size = 10, nb_epoch = 30, verbose=0)
y_pred = classifier.predict(X_test)
y_pred = (y_pred > 0.5)
from sklearn.metrics import confusion_matrix
cm = confusion_matrix(y_test, y_pred)
acc = (cm[0][0] + cm[1][1]) / len(y_test)
"""

DUMMIES = """
import pandas as pd
import numpy as np
from keras.models import Sequential
from keras.layers.core import Dense, Activation
from keras.callbacks import Callback
from sklearn.datasets import load_wine
wine = load_wine()
df = pd.DataFrame(wine.data, columns=wine.feature_names).astype(np.object)
df['klass'] = ['c%d' % t for t in wine.target]
df = df.sample(frac=1, random_state=0)
numbers = df.drop('klass', 1).astype(np.float)
train, test = df[:120], df[120:]
X_train, y_train = (train.drop('klass', 1) - numbers.mean()) / numbers.std(), pd.get_dummies(train['klass'])
X_test = ((test.drop('klass', axis=1) - numbers.mean()) / numbers.std()).as_matrix()
y_test = pd.get_dummies(test['klass'])
class Stop(Callback):
    def on_epoch_end(self, epoch, logs={}):
        if logs.get('acc') > 0.99:
            self.model.stop_training = True
model = Sequential([Dense(10, input_shape=(13,)), Activation('relu'), Dense(3), Activation('softmax')])
model.compile(optimizer='adadelta', loss='categorical_crossentropy', metrics='accuracy')
history = model.fit(X_train, y_train, epochs=100, verbose=0, callbacks=[Stop()])
assert len(history.epoch) < 100
acc = model.evaluate(X_test.tolist(), y_test.values.tolist(), verbose=0)[1]
"""

TENSORFLOW_KERAS = """
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, Flatten
from tensorflow.keras.optimizers import Adam
from tensorflow.python.keras.layers import Dropout
import numpy as np
config = tf.ConfigProto()
config.gpu_options.allow_growth = True
keras.backend.set_session(tf.Session(config=config))
tf.set_random_seed(1)
class myCallback(tf.keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs={}):
        if(logs.get('acc')>0.95):
            self.model.stop_training = True
rng = np.random.RandomState(0)
y = rng.randint(0, 2, 300)
x = rng.rand(300, 8, 8) + .5 * y[:, None, None]
model = tf.keras.models.Sequential([tf.keras.layers.Flatten(input_shape=(8, 8)),
                                    tf.keras.layers.Dense(32, activation=tf.nn.relu), Dropout(0.1),
                                    Dense(2, activation=tf.nn.softmax)])
model.compile(optimizer=Adam(lr=0.01), loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(x[:200], y[:200], epochs=30, callbacks=[myCallback()], verbose=0)
assert keras is tf.keras and isinstance(model, keras.Sequential)
test_loss, acc = model.evaluate(x[200:], y[200:])
"""

AUTOENCODER = """
from keras.layers import Input, Dense
from keras.models import Model
from sklearn.datasets import load_digits
x = load_digits().data / 16.
input_img = Input(shape=(64,))
encoded = Dense(32, activation='relu')(input_img)
decoded = Dense(64, activation='sigmoid')(encoded)
autoencoder = Model(input=input_img, output=decoded)
encoder = Model(input=input_img, output=encoded)
autoencoder.compile(optimizer='adadelta', loss='binary_crossentropy')
h = autoencoder.fit(x, x, nb_epoch=15, batch_size=32, shuffle=True, verbose=0)
assert encoder.predict(x).shape == (len(x), 32)
acc = 1 - h.history['loss'][-1]
"""

SCHEDULES = """
from keras.models import Sequential, load_model, model_from_json
from keras.layers import Dense
from keras.callbacks import ModelCheckpoint, LearningRateScheduler, CSVLogger
from keras.optimizers import SGD
import keras.backend as K
import math, numpy, os, pickle
numpy.random.seed(7)
X = numpy.random.rand(300, 8)
Y = numpy.array([[a.sum() > 4] for a in X])
model = Sequential()
model.add(Dense(12, input_dim=8, kernel_initializer='uniform', activation='relu'))
model.add(Dense(1, kernel_initializer='uniform', activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer=SGD(0.1, 0.9, 0.001, True), metrics=['accuracy'])
checkpoint = ModelCheckpoint("weights.best.hdf5", monitor='val_acc', save_best_only=True, mode='max')
def step_decay(epoch):
    return float(0.1 * math.pow(0.5, math.floor((1 + epoch) / 10.0)))
h = model.fit(X, Y, validation_split=0.33, epochs=20, batch_size=10, verbose=0,
              callbacks=[checkpoint, LearningRateScheduler(step_decay), CSVLogger('log.csv')])
model.load_weights("weights.best.hdf5")
acc = model.evaluate(X, Y, verbose=0)[1]
K.set_value(model.optimizer.lr, 0.01)
assert abs(K.get_value(model.optimizer.lr) - 0.01) < 1e-6
with open('model.json', 'w') as stream:
    stream.write(model.to_json())
again = model_from_json(open('model.json').read())
again.load_weights('weights.best.hdf5')
again.compile('sgd', 'binary_crossentropy', ['accuracy'])
assert again.evaluate(X, Y, verbose=0)[1] == acc
model.save('mymodel')
assert os.path.isfile('mymodel') and load_model('mymodel').evaluate(X, Y, verbose=0)[1] == acc
assert type(pickle.loads(pickle.dumps(h.history))) is dict
"""

SEQUENCE = """
import numpy as np, keras
from keras.models import Sequential
from keras.layers import *
class DataGenerator(keras.utils.Sequence):
    def __init__(self, n):
        self.n = n
        self.on_epoch_end()
    def __len__(self):
        return int(np.floor(self.n / 16))
    def __getitem__(self, index):
        r = np.random.RandomState(index)
        y = r.randint(0, 3, 16)
        return r.rand(16, 10) + 2 * y[:, None], keras.utils.to_categorical(y, num_classes=3)
    def on_epoch_end(self):
        self.indexes = np.arange(self.n)
model = Sequential()
model.add(Dense(16, input_shape=(10,), activation='relu'))
model.add(Dense(3, activation='softmax'))
model.compile(optimizer='adagrad', loss='categorical_crossentropy', metrics=['accuracy'])
model.fit_generator(generator=DataGenerator(320), validation_data=DataGenerator(64), epochs=30, verbose=0,
                    use_multiprocessing=True, workers=6)
acc = model.evaluate_generator(DataGenerator(64))[1]
"""

TRANSFER = """
import numpy as np
from keras.applications.mobilenet import MobileNet
from keras.applications.vgg16 import VGG16, preprocess_input
from keras.applications.resnet50 import ResNet50
from keras.preprocessing import image
from keras.models import Model
from keras.layers import Dense, GlobalAveragePooling2D
from keras import applications, optimizers
np.random.seed(1)
base_model = MobileNet(weights=None, include_top=False, input_shape=(32, 32, 3), alpha=0.25)
x = GlobalAveragePooling2D()(base_model.output)
model = Model(input=base_model.input, output=Dense(2, activation='softmax')(x))
for layer in base_model.layers:
    layer.trainable = False
model.compile(optimizer=optimizers.SGD(lr=1e-2, momentum=0.9), loss='sparse_categorical_crossentropy',
              metrics=['sparse_categorical_accuracy'])
y = np.random.randint(0, 2, 32)
X = preprocess_input(np.random.rand(32, 32, 32, 3) * 100 + 100 * y[:, None, None, None])
model.fit(X, y, nb_epoch=1, batch_size=8, verbose=0)
assert len(model.trainable_weights) == 2
acc = model.evaluate(X, y, verbose=0)[1]
"""

ADVERSARIES = """
import numpy as np
from keras.models import Sequential, Model
from keras.layers import Dense, Input
from keras.layers.advanced_activations import LeakyReLU, PReLU, ELU, ThresholdedReLU
from keras.optimizers import Adam
from keras import metrics, objectives
import keras.backend as K
d = Sequential([Dense(16, input_dim=2), LeakyReLU(alpha=0.2), Dense(1, activation='sigmoid')])
d.compile(loss='binary_crossentropy', optimizer=Adam(0.0002, 0.5), metrics=['accuracy'])
g = Sequential([Dense(16, input_dim=4), LeakyReLU(0.2), Dense(2)])
d.trainable = False
z = Input(shape=(4,))
c = Model(z, d(g(z)))
c.compile(loss='binary_crossentropy', optimizer=Adam(lr=0.0002, beta_1=0.5))
for epoch in range(5):
    fake = g.predict(np.random.normal(0, 1, (16, 4)))
    real_loss = d.train_on_batch(np.random.rand(16, 2), np.ones((16, 1), dtype=bool))
    fake_loss = d.train_on_batch(fake, [0] * 16)
    loss = c.train_on_batch(np.random.normal(0, 1, (16, 4)), np.array([1] * 16))
print("[D loss: %f, acc.: %.2f%%] [G loss: %f]" % (.5 * (real_loss[0] + fake_loss[0]), 100 * real_loss[1], loss))
def rmse(y_true, y_pred):
    return K.sqrt(K.mean(K.square(y_pred - y_true), axis=-1))
m = Sequential([Dense(1, input_dim=2)])
m.compile('sgd', objectives.mean_squared_error, metrics=[rmse, 'mae'])
h = m.fit(np.random.rand(30, 2), np.random.rand(30), verbose=0)
assert h.history['mean_absolute_error'] == h.history['mae']
acc = real_loss[1]
"""

TEXT_FOLDS = """
import numpy as np
import keras
from keras.models import Sequential, Model
from keras.layers import Input, Dense, Activation, Embedding, Convolution1D, MaxPooling1D, Flatten
from sklearn.cross_validation import StratifiedKFold
rng = np.random.RandomState(0)
X = rng.randint(1, 30, (240, 12))
y = (X < 4).any(axis=1).astype(int)
cvscores = []
for train, test in StratifiedKFold(y, n_folds=2, shuffle=True, random_state=1):
    model = Sequential()
    model.add(Embedding(30, 16, input_length=12, dropout=0.1, init='uniform'))
    model.add(Convolution1D(nb_filter=16, filter_length=1, border_mode='valid', activation='relu', subsample_length=1))
    model.add(MaxPooling1D(pool_length=2))
    model.add(Flatten())
    model.add(Dense(1, init='normal'))
    model.add(Activation('sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
    model.fit(X[train], y[train], nb_epoch=40, batch_size=16, verbose=0)
    scores = model.evaluate(X[test], y[test], verbose=0)
    cvscores.append(scores[1])
i = Input((12,))
e = Flatten()(Embedding(30, 8)(i))
outputs = [Dense(1, activation='sigmoid', name=name)(e) for name in 'ab']
m = Model(i, outputs)
m.compile('adam', 'binary_crossentropy', metrics=['accuracy'], loss_weights=[1., .5])
h = m.fit(X, [y, 1 - y], epochs=2, verbose=0, validation_split=.1)
assert len(h.history['a_acc']) == len(h.history['val_b_acc']) == 2
assert keras.backend.function([m.layers[0].input], [m.layers[2].output])([X[:2]])[0].shape == (2, 96)
acc = np.mean(cvscores)
"""

SERIES = """
import numpy
from keras.models import Sequential
from keras.layers import Dense, LSTM
from sklearn.preprocessing import MinMaxScaler
dataset = (numpy.sin(numpy.arange(110) / 5.) + numpy.arange(110) / 50.).reshape(-1, 1)
dataset = MinMaxScaler(feature_range=(0, 1)).fit_transform(dataset)
trainX = numpy.array([dataset[i:i + 3] for i in range(100)])
trainY = numpy.array([dataset[i + 3, 0] for i in range(100)])
model = Sequential()
model.add(LSTM(4, batch_input_shape=(1, 3, 1), stateful=True))
model.add(Dense(1))
model.compile(loss='mean_squared_error', optimizer='adam')
for i in range(2):
    model.fit(trainX, trainY, nb_epoch=1, batch_size=1, verbose=0, shuffle=False)
    model.reset_states()
acc = 1 - numpy.sqrt(model.evaluate(trainX, trainY, batch_size=1, verbose=0))
second = Sequential()
second.add(LSTM(input_dim=1, output_dim=8, return_sequences=False))
second.add(Dense(output_dim=1))
second.compile('rmsprop', 'mse')
second.fit(trainX, trainY, nb_epoch=1, verbose=0)
"""
