"""What the shims do, found out in a process in which they are in place and written to found.json."""

LAYERS = """
import keras.layers as L

def unlike(old, new):
    one, two = old.get_config(), new.get_config()
    return {key: (one[key], two[key]) for key in one if key != 'name' and one[key] != two[key]}

found['layers'] = {
    'Dense': unlike(
        L.Dense(output_dim=3, init='uniform', W_regularizer='l2', b_regularizer='l1', bias=False),
        L.Dense(3, kernel_initializer='uniform', kernel_regularizer='l2', bias_regularizer='l1', use_bias=False)),
    'Convolution2D': unlike(
        L.Convolution2D(4, 5, 3, border_mode='same', subsample=(2, 1), dim_ordering='th', init='he_normal'),
        L.Conv2D(4, (5, 3), padding='same', strides=(2, 1), data_format='channels_first',
                 kernel_initializer='he_normal')),
    'Convolution2D by name': unlike(L.Convolution2D(nb_filter=4, nb_row=5, nb_col=3), L.Conv2D(4, (5, 3))),
    'Conv2D of two sizes': unlike(L.Conv2D(4, 5, 3), L.Conv2D(4, (5, 3))),
    'AtrousConvolution2D': unlike(L.AtrousConvolution2D(4, 3, 3, atrous_rate=(2, 2)), L.Conv2D(4, 3, dilation_rate=2)),
    'Deconvolution2D': unlike(L.Deconvolution2D(4, 3, 3, output_shape=(None, 8, 8, 4), subsample=(2, 2)),
                              L.Conv2DTranspose(4, 3, strides=2)),
    'Convolution1D': unlike(L.Convolution1D(nb_filter=4, filter_length=3, subsample_length=2),
                            L.Conv1D(4, 3, strides=2)),
    'MaxPooling2D': unlike(L.MaxPooling2D((2, 2), border_mode='same', dim_ordering='tf'),
                           L.MaxPooling2D(2, padding='same', data_format='channels_last')),
    'MaxPooling1D': unlike(L.MaxPooling1D(pool_length=3, stride=2), L.MaxPooling1D(3, strides=2)),
    'LSTM': unlike(
        L.LSTM(output_dim=3, inner_activation='hard_sigmoid', inner_init='glorot_uniform', dropout_W=0.1, dropout_U=0.2,
               U_regularizer='l2', consume_less='gpu', forget_bias_init='one'),
        L.LSTM(3, recurrent_activation='hard_sigmoid', recurrent_initializer='glorot_uniform', dropout=0.1,
               recurrent_dropout=0.2, recurrent_regularizer='l2')),
    'Embedding': unlike(L.Embedding(9, 3, init='normal', W_regularizer='l2', dropout=0.2),
                        L.Embedding(9, 3, embeddings_initializer='normal', embeddings_regularizer='l2')),
    'Dropout': unlike(L.Dropout(p=0.4), L.Dropout(0.4)),
    'GaussianNoise': unlike(L.GaussianNoise(sigma=0.3), L.GaussianNoise(0.3)),
    'BatchNormalization': unlike(L.BatchNormalization(mode=0, axis=-1, beta_init='one'),
                                 L.BatchNormalization(beta_initializer='one')),
    'TimeDistributedDense': unlike(L.TimeDistributedDense(3, input_dim=2, input_length=5).layer, L.Dense(3)),
}
x = L.Input((3,))
found['merge'] = {
    mode: keras.models.Model(x, L.merge([x, x], mode=mode)).predict(np.array([[1.0, 2.0, 3.0]]), verbose=0).tolist()
    for mode in ('sum', 'mul', 'ave', 'max', 'concat', 'dot', 'cos')
}
"""

OPTIMIZERS = """
from keras import optimizers as O

def places(optimizer):
    weight, seen = K.variable(1.0), []
    for gradient in (0.5, -0.25, 0.125):
        optimizer.apply_gradients([(K.constant(gradient), weight)])
        seen.append(float(weight.numpy()))
    return seen

found['places'] = {
    'Adadelta': places(O.get('adadelta')),
    'Adagrad': places(O.Adagrad()),
    'SGD': places(O.SGD(lr=0.1, decay=0.5)),
    'Nesterov': places(O.SGD(0.1, 0.9, 0.5, True)),
}
found['rates'] = {name: round(float(K.get_value(getattr(O, name)().lr)), 6)
                  for name in ('sgd', 'rmsprop', 'adagrad', 'adadelta', 'adam', 'adamax', 'nadam')}
found['rate given'] = [float(K.get_value(O.Adadelta(lr=0.5).lr)), float(K.get_value(O.Adadelta(0.25).lr))]
"""

NAMES = """
import keras.utils.np_utils
import keras.optimizers.adam_v2 as adam_v2
from keras.utils import np_utils, generic_utils, multi_gpu_model
from keras.engine import Layer, InputSpec
from keras.engine.training import Model as TrainingModel
from keras.initializers import normal, RandomNormal
from keras.regularizers import l1l2, l2, activity_l2
from keras.backend.tensorflow_backend import set_session
from keras.layers.core import Lambda
import keras_preprocessing.sequence
import tensorflow.keras.layers
from tensorflow.python import keras as private
from tensorflow.python.keras.models import Sequential as PrivateSequential
import tensorflow as tf
found['identity'] = {
    'layers': keras.layers.core.Dense is L.Dense and Lambda is L.Lambda,
    'tensorflow': tensorflow.keras.layers is L and tf.keras is keras,
    'tensorflow.python': PrivateSequential is keras.models.Sequential and private is keras,
    'engine': Layer is L.Layer and TrainingModel is keras.models.Model,
    'optimizers': adam_v2.Adam is O.Adam is O.adam,
    'initializers': normal is RandomNormal,
    'preprocessing': keras_preprocessing.sequence.pad_sequences is keras.preprocessing.sequence.pad_sequences,
    'objectives': keras.objectives.mse is keras.losses.mse,
    'backend': K.tf is tf,
}
found['version'] = keras.__version__
found['normalize'] = np_utils.normalize(np.array([[3.0, 4.0]])).tolist()
found['categorical'] = np_utils.to_categorical([0, 2], nb_classes=4).tolist()
K.set_image_dim_ordering('th')
found['ordering'] = [K.image_dim_ordering(), K.image_data_format()]
K.set_image_dim_ordering('tf')
found['gone'] = {}
for statement in ('from keras.layers import MaxoutDense', 'from keras.layers import Nothing', 'import keras.nothing',
                  'keras.layers.nothing'):
    try:
        exec(statement)
    except Exception as error:
        found['gone'][statement] = [type(error).__name__, str(error)]
"""

TELLTALES = """
import importlib, sys
found['missing'] = []
for name in sys.argv[1:]:
    module, _, last = name.rpartition('.')
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        try:
            getattr(importlib.import_module(module), last)
        except (AttributeError, ModuleNotFoundError) as error:
            if 'was removed' not in str(error):
                found['missing'].append(name)
        except ImportError:
            pass  # explained
"""

TRAINING = """
from keras.layers import Merge
branches = [keras.models.Sequential([L.Dense(4, input_dim=size)]) for size in (3, 2)]
joined = keras.models.Sequential()
joined.add(Merge(branches, mode='concat'))
joined.add(L.Dense(1, activation='sigmoid'))
joined.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
sides = [np.random.RandomState(0).rand(60, size) for size in (3, 2)]
learned = joined.fit(sides, sides[0][:, 0] > sides[1][:, 0], epochs=60, batch_size=5, verbose=0).history
found['joined'] = [joined.predict(sides, verbose=0).shape[1], joined.count_params(), learned['acc'][-1]]
rows, labels = np.random.RandomState(0).rand(10, 3), np.eye(2)[[0, 1] * 5]
model = keras.models.Sequential([L.Dense(2, input_dim=3, activation='softmax')])
model.compile('sgd', 'categorical_crossentropy', metrics=['accuracy'])
found['classes'] = model.predict_classes(rows).tolist() == model.predict(rows).argmax(axis=1).tolist()
found['probabilities'] = bool(np.array_equal(model.predict_proba(rows), model.predict(rows)))
one = keras.models.Sequential([L.Dense(1, input_dim=3, activation='sigmoid')])
found['one class'] = [list(one.predict_classes(rows).shape), str(one.predict_classes(rows).dtype)]
dropped = keras.models.Sequential([L.Dropout(0.999, input_shape=(3,))])
phased = K.function([dropped.layers[0].input, K.learning_phase()], [dropped.layers[0].output])
found['phases'] = [float(np.abs(phased([rows, phase])[0] - rows).max()) for phase in (0, 1)]
history = model.fit(rows, labels, verbose=0, class_weight=[1, 2], validation_split=0.2).history
found['history'] = [sorted(history), history['acc'] == history['accuracy'], 'val_acc' in history, 'f1' in history]
last = history['val_acc'][-1]
written = [np.array2string(last), json.dumps(last)]
found['numbers'] = [type(last).__name__, *(float(text) == last for text in written)]

class Count(keras.callbacks.Callback):
    def on_train_begin(self, logs={}):
        self.batches = 0
    def on_batch_end(self, batch, logs={}):
        self.batches += 1

def batches_of(generator, *counts, **count):
    counted = Count()
    model.fit_generator(generator, *counts, callbacks=[counted], verbose=0, **count)
    return counted.batches

def batches():
    while True:
        yield [rows, labels]

class Short(keras.utils.Sequence):
    def __len__(self):
        return 2
    def __getitem__(self, index):
        return rows, labels

found['batches'] = {
    'steps by position': batches_of(batches(), 4),
    'rows': batches_of(batches(), samples_per_epoch=40, nb_epoch=2),
    'uneven rows': batches_of(batches(), samples_per_epoch=45, nb_epoch=1),
    'steps': batches_of(batches(), steps_per_epoch=4, epochs=2),
    'half a step': batches_of(batches(), steps_per_epoch=3.5, epochs=1),
    'rows by position': batches_of(batches(), 40, 1),
    'more than there are': batches_of(Short(), steps_per_epoch=5, epochs=2),
}
losses = [model.evaluate(inputs, wanted, verbose=0)[0] for inputs, wanted in (
    (rows, labels), (rows.tolist(), labels.tolist()), (rows.astype(object), labels.astype(bool)),
    (pd.DataFrame(rows).astype(object), pd.DataFrame(labels == 1)), (rows.astype(str), labels.astype(str)))]
found['data'] = [abs(loss - losses[0]) < 1e-6 for loss in losses]
model.add(L.Flatten())
model.compile(loss='categorical_crossentropy', optimizer='adam', class_mode='categorical')
model.fit(rows, labels, show_accuracy=True, nb_epoch=1, verbose=0)
found['show_accuracy'] = model.metrics_names
"""

BEGINNING = """
import json
import numpy as np
import pandas as pd
import keras
from keras import backend as K
found = {}
"""

END = """
with open('found.json', 'w') as stream:
    json.dump(found, stream, default=lambda number: number.item())
"""

KERAS = BEGINNING + LAYERS + OPTIMIZERS + NAMES + TELLTALES + TRAINING + END

LIBRARIES = """
import json, warnings
import numpy as np
import pandas as pd
found = {}
found['numpy'] = [np.float is float, np.bool in (bool, np.bool_), np.NaN is np.nan, np.product([2, 3]) == 6,
                  np.asscalar(np.array(3)) == 3]
found['printed'] = str([np.float64(0.5), np.int64(3)])
ragged = np.array([[1], [2, 3]])
np.save('ragged.npy', ragged)
found['ragged'] = [str(ragged.dtype), ragged.tolist() == np.load('ragged.npy').tolist() == [[1], [2, 3]]]
try:
    np.array([[1], [2, 3]], dtype=float)
except ValueError as error:
    found['unequal'] = str(error)
for name in ('nothing', 'floating_'):
    try:
        getattr(np, name)
    except AttributeError as error:
        found[name] = str(error)
frame = pd.DataFrame({'a': [1, 2], 'b': [3.0, 4.0]}, index=['x', 'y'])
found['pandas'] = {
    'append': frame.append({'a': 5, 'b': 6.0}, ignore_index=True)['a'].tolist(),
    'as_matrix': frame.as_matrix().tolist(),
    'ix by label': float(frame.ix['y', 'b']), 'ix by position': float(frame.ix[1, 1]),
    'drop': list(frame.drop('a', 1).columns),
    'iteritems': [name for name, _ in frame.iteritems()],
}
with open('table.data', 'w') as stream:
    stream.write('1  2 a\\n3  4 b\\n')
table = pd.read_csv('table.data', delim_whitespace=True, header=None, error_bad_lines=False)
found['read_csv'] = [table.shape, table[2].values.reshape(-1, 1).tolist(), str(table[2].dtype)]
from sklearn.utils.class_weight import compute_class_weight
found['class weight'] = compute_class_weight('balanced', np.array([0, 1]), np.array([0, 1, 1, 1])).tolist()
from sklearn.cross_validation import train_test_split, KFold, StratifiedKFold
from sklearn.externals import joblib
from sklearn.grid_search import GridSearchCV
from sklearn.model_selection import KFold as NewFold, train_test_split as split
from sklearn.preprocessing import Imputer, OneHotEncoder
table = np.array([[0, 10.0], [1, 20.0], [2, 30.0]], dtype=object)
found['sklearn'] = {
    'split': train_test_split is split,
    'joblib': joblib.__name__,
    'folds': [len(KFold(10, n_folds=5)), len(StratifiedKFold([0, 1] * 5, n_folds=2)),
              len(next(iter(KFold(10, n_folds=5)))[1])],
    'seed': NewFold(n_splits=2, random_state=7).get_n_splits(),
    'imputer': Imputer(missing_values='NaN', strategy='mean', axis=0).fit_transform([[1.0], [np.nan], [3.0]]).tolist(),
    'encoder': OneHotEncoder(categorical_features=[0]).fit_transform(table).toarray().tolist(),
    'dense encoder': OneHotEncoder(sparse=False).fit_transform([['a'], ['b']]).tolist(),
}
try:
    from sklearn.datasets import load_boston
except ImportError as error:
    found['load_boston'] = str(error)
with open('found.json', 'w') as stream:
    json.dump(found, stream, default=lambda number: number.item())
accuracy = 0.5
"""
