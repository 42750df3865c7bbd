"""The scripts that the slower tests train, as an author might have written them."""

WINES = """
import pandas as pd
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import RMSprop

data = pd.read_csv('wines.csv')
y = pd.get_dummies(data['Class'])
X = data.drop('Class', axis=1)

model = Sequential()
model.add(Dense(5, input_shape=(13,), activation='relu'))
model.add(Dense(8, activation='relu'))
model.add(Dense(2, activation='relu'))
model.add(Dense(3, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer=RMSprop(learning_rate=0.01), metrics=['accuracy'])
model.fit(X, y, epochs=100, verbose=0)

acc = model.evaluate(X, y)[1]
model.save('modelsave.h5')
"""

ESTIMATORS = """
import numpy as np
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, classification_report
from sklearn.model_selection import GridSearchCV, cross_val_score, train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)

search = GridSearchCV(KNeighborsClassifier(), {'n_neighbors': [1, 5]}, cv=3).fit(X_train, y_train)
cross_val_score(KNeighborsClassifier(), X, y, cv=3)

model = make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=3))
model.fit(X_train, y_train)
print('train', model.score(X_train.copy(), y_train))
classification_report(y_test, model.predict(X_test))
print('test', accuracy_score(y_test, model.predict(X_test)))
"""

TWO_FITS = """
import numpy as np
from sklearn.datasets import load_iris
from tensorflow import keras
from tensorflow.keras import layers

X, y = load_iris(return_X_y=True)
X = (X - X.mean(axis=0)) / X.std(axis=0)
held_out = np.arange(len(X)) % 3 == 0
X_train, y_train, X_test, y_test = X[~held_out], y[~held_out], X[held_out], y[held_out]


first_of_this_process = []


class Restored(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        if not first_of_this_process:
            first_of_this_process.append(epoch)
            weights = {f'w{i}': v.numpy() for i, v in enumerate(self.model.variables)}
            slots = {f'o{i}': v.numpy() for i, v in enumerate(self.model.optimizer.variables)}
            np.savez('restored.npz', epoch=epoch, **weights, **slots)


def network():
    model = keras.Sequential([layers.Dense(8, activation='relu'), layers.Dense(3, activation='softmax')])
    model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
    return model


first = network()
stop = keras.callbacks.EarlyStopping(monitor='loss', min_delta=1000.0, patience=2)
history = first.fit(X_train, y_train, epochs=50, verbose=0, callbacks=[stop])
print('first fit', len(history.history['loss']), len(history.epoch))
print('first model', first.evaluate(X_train, y_train, verbose=0)[1])

second = network()
best = keras.callbacks.ModelCheckpoint('best.keras', save_best_only=True)
history = second.fit(X_train, y_train, epochs=30, verbose=0, validation_data=(X_test, y_test),
                     callbacks=[Restored(), best])
print('second fit', len(history.history['val_loss']), len(history.epoch))
print('steps', int(second.optimizer.iterations.numpy()))
second.evaluate(X_train, y_train, verbose=0)
second.evaluate(X_test, y_test, verbose=0)
second.load_weights('best.keras')
"""


def wines_csv() -> str:
    """Return scikit-learn's wines as the file that `WINES` reads."""
    from sklearn.datasets import load_wine

    values, classes = load_wine(return_X_y=True)
    rows = [[int(kind) + 1, *row] for row, kind in zip(values.tolist(), classes.tolist(), strict=True)]
    head = ",".join(["Class", *(f"feature{number}" for number in range(13))])
    return "\n".join([head, *(",".join(str(cell) for cell in row) for row in rows)]) + "\n"
