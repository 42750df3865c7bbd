"""Ways to call ``fit``, as authors have them; each leaves its history and may be killed in its middle."""

NETWORK = """
def network(optimizer='adam', **more):
    model = keras.Sequential([layers.Dense(8, activation='relu'), layers.Dropout(DROPPED),
                              layers.Dense(3, activation='softmax')])
    model.compile(optimizer=optimizer, loss='sparse_categorical_crossentropy', metrics=['accuracy'], **more)
    return model
"""

ARRAYS = """
model = network()
fitted(model.fit(X, Y, epochs=6, batch_size=16, verbose=0, validation_split=0.25, callbacks=[Crash()]))
"""

SEVERAL_INPUTS = """
a, b = keras.Input((4,), name='a'), keras.Input((4,), name='b')
hidden = layers.Dense(6, activation='tanh')(layers.Concatenate()([a, b]))
model = keras.Model([a, b], {'kind': layers.Dense(3, activation='softmax', name='kind')(hidden),
                             'sum': layers.Dense(1, name='sum')(hidden)})
model.compile(optimizer=keras.optimizers.SGD(0.05, momentum=0.9),
              loss={'kind': 'sparse_categorical_crossentropy', 'sum': 'mse'})
fitted(model.fit([X, X[::-1]], {'kind': Y, 'sum': X.sum(axis=1)}, epochs=6, batch_size=16, verbose=0,
                 callbacks=[Crash()]))
"""

DATASET = """
import tensorflow as tf
ds = tf.data.Dataset.from_tensor_slices((X, Y)).shuffle(48).batch(16)
held_out = tf.data.Dataset.from_tensor_slices((X, Y)).batch(16)
model = network("rmsprop")
fitted(model.fit(ds, epochs=6, verbose=0, validation_data=held_out, callbacks=[Crash()]))
"""

GENERATOR = """
def batches():
    while True:
        for rows in np.array_split(np.random.permutation(len(X)), 3):
            yield X[rows] + np.random.normal(scale=0.01, size=(16, 4)), Y[rows]

model = network()
fitted(model.fit(batches(), steps_per_epoch=3, epochs=6, verbose=0, callbacks=[Crash()]))
"""

SEQUENCE = """
class Batches(keras.utils.Sequence):
    def __init__(self):
        super().__init__()
        self.rows = np.arange(len(X))

    def __len__(self):
        return 3

    def __getitem__(self, index):
        rows = self.rows[index * 16:(index + 1) * 16]
        return X[rows], Y[rows]

    def on_epoch_end(self):
        np.random.shuffle(self.rows)

model = network()
fitted(model.fit(Batches(), epochs=6, verbose=0, shuffle=False, callbacks=[Crash()]))
"""

TRAIN_STEP = """
class Pair(keras.Model):
    def __init__(self):
        super().__init__()
        self.there = layers.Dense(3)
        self.back = layers.Dense(4)
        self.loss_of = keras.losses.MeanSquaredError()

    def compile(self, there, back):
        super().compile()
        self.there_optimizer, self.back_optimizer = there, back

    def call(self, x):
        return self.back(self.there(x))

    def train_step(self, data):
        x, _ = data
        with tf.GradientTape(persistent=True) as tape:
            loss = self.loss_of(x, self(x, training=True))
        for layer, optimizer in ((self.back, self.back_optimizer), (self.there, self.there_optimizer)):
            weights = layer.trainable_variables
            optimizer.apply_gradients(list(zip(tape.gradient(loss, weights), weights)))
        return {'loss': loss}

import tensorflow as tf
model = Pair()
model.compile(keras.optimizers.Adam(0.01), keras.optimizers.RMSprop(0.01))
fitted(model.fit(X, Y, epochs=6, batch_size=16, verbose=0, callbacks=[Crash()]))
"""

SUBCLASSED = """
class Tagger(keras.Model):
    def __init__(self):
        super().__init__()
        self.embed, self.drop, self.out = layers.Embedding(5, 4), layers.Dropout(0.3), layers.Dense(3)

    def call(self, inputs, training=False):
        words = self.embed(inputs['words'])
        return self.out(self.drop(words[:, 0] + inputs['values'], training=training))

words = (np.abs(X) * 2).astype('int32').clip(0, 4)
model = Tagger()
model.compile('adam', keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=['accuracy'])
fitted(model.fit({'words': words, 'values': X}, Y, epochs=6, batch_size=16, verbose=0, callbacks=[Crash()]))
"""

SCHEDULES = """
rate = keras.optimizers.schedules.ExponentialDecay(0.05, decay_steps=3, decay_rate=0.7)
model = network(keras.optimizers.Adam(rate))
fitted(model.fit(X, Y, epochs=6, batch_size=16, verbose=0, callbacks=[Crash()]))

plateau = keras.callbacks.ReduceLROnPlateau(monitor='loss', factor=0.5, patience=1, min_delta=1.0, cooldown=1)
model = network(keras.optimizers.SGD(0.1))
fitted(model.fit(X, Y, epochs=8, batch_size=16, verbose=0, callbacks=[plateau, Crash()]))

scheduler = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate * 0.8)
model = network(keras.optimizers.SGD(0.1))
fitted(model.fit(X, Y, epochs=6, batch_size=16, verbose=0, callbacks=[scheduler, Crash()]))
"""

STOPPING = """
stop = keras.callbacks.EarlyStopping(monitor='loss', min_delta=1.0, patience=4, restore_best_weights=True)
model = network()
fitted(model.fit(X, Y, epochs=20, batch_size=16, verbose=0, callbacks=[stop, Crash()]))
HISTORIES.append([stop.stopped_epoch, float(stop.best), model.evaluate(X, Y, verbose=0)])
"""

LOOP = """
model = network()
for epoch in range(3):
    fitted(model.fit(X, Y, epochs=4, initial_epoch=epoch, batch_size=16, verbose=0, callbacks=[Crash()]))
for epoch in range(5):
    fitted(model.fit(X, Y, epochs=1, batch_size=16, verbose=0))
"""

FOLDS = """
for fold in range(3):
    held_out = np.arange(len(X)) % 3 == fold
    model = network()
    fitted(model.fit(X[~held_out], Y[~held_out], epochs=5, batch_size=16, verbose=0, callbacks=[Crash()]))
    HISTORIES.append(model.evaluate(X[held_out], Y[held_out], verbose=0))
"""

COMPILED_AGAIN = """
model = network()
fitted(model.fit(X, Y, epochs=5, batch_size=16, verbose=0, callbacks=[Crash()]))
model.layers[0].trainable = False
model.compile(keras.optimizers.Adam(0.01), 'sparse_categorical_crossentropy', metrics=['accuracy'])
fitted(model.fit(X, Y, epochs=5, batch_size=16, verbose=0, callbacks=[Crash()]))
model.save('tuned.keras')
model = keras.models.load_model('tuned.keras')
fitted(model.fit(X, Y, epochs=5, batch_size=16, verbose=0, callbacks=[Crash()]))
"""

MIXED = """
keras.mixed_precision.set_global_policy('mixed_float16')
model = network(keras.mixed_precision.LossScaleOptimizer(keras.optimizers.Adam()))
fitted(model.fit(X, Y, epochs=5, batch_size=16, verbose=0, callbacks=[Crash()]))
keras.mixed_precision.set_global_policy('float32')
"""

CALLBACKS = """
class Collects(keras.callbacks.Callback):
    def __init__(self, held_out):
        super().__init__()
        self.held_out = held_out
        self.losses, self._best = [], {}

    def on_epoch_end(self, epoch, logs=None):
        self.losses.append(logs['loss'])
        self._best[epoch] = np.array([min(self.losses), len(self.losses)])

collects, said = Collects((X, Y)), []
model = network()
fitted(model.fit(X, Y, epochs=6, batch_size=16, verbose=0, validation_data=(X[:12], Y[:12]), callbacks=[
    collects,
    keras.callbacks.CSVLogger('log.csv'),
    keras.callbacks.ModelCheckpoint('best.keras', monitor='val_loss', save_best_only=True),
    keras.callbacks.ModelCheckpoint('at-{epoch}.keras'),
    keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: said.append(epoch)),
    Crash(),
]))
HISTORIES.append([collects.losses, [value.tolist() for value in collects._best.values()]])
HISTORIES.append(keras.models.load_model('best.keras').evaluate(X, Y, verbose=0))
"""

IMAGES = """
from tf_keras.preprocessing.image import ImageDataGenerator
pictures = rng.normal(size=(48, 6, 6, 1)).astype('float32')
flow = ImageDataGenerator(horizontal_flip=True, width_shift_range=0.2).flow(pictures, Y, batch_size=16)
model = keras.Sequential([layers.Flatten(), layers.Dense(3, activation='softmax')])
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
fitted(model.fit_generator(flow, steps_per_epoch=3, epochs=6, verbose=0, callbacks=[Crash()]))
"""
