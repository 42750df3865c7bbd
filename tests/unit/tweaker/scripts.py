"""Scripts as people write them; none of them is in examples/."""

ADDED = b"""\
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Dropout
from keras.optimizers import RMSprop

EPOCHS = 10
data = np.loadtxt('diabetes.csv', delimiter=',')
X = data[:, :8]
y = data[:, 8]

# the network
model = Sequential()

# hidden layers
model.add(Dense(12, input_dim=8, activation='relu'))   # 12 units
model.add(Dense(3, activation='relu'))
model.add(Dropout(0.1))
model.add(Dense(1, activation='sigmoid'))

model.compile(loss='binary_crossentropy', optimizer=RMSprop(learning_rate=0.01), metrics=['accuracy'])
model.fit(X, y, epochs=EPOCHS, batch_size=10)
print('Accuracy:', model.evaluate(X, y)[1])
"""

LISTED = b"""\
import pandas as pd
from sklearn.model_selection import train_test_split
import tensorflow as tf
from tensorflow.keras import layers

df = pd.read_csv("iris.csv")
features, labels = df.iloc[:, :4], df["species"]
train_x, test_x, train_y, test_y = train_test_split(features, labels, test_size=0.2, random_state=1)

model = tf.keras.Sequential(
    [
        layers.Dense(HIDDEN := 8, activation="relu", input_shape=(4,)),
        layers.Dense(8, activation="relu"),  # second
        layers.Dense(3, activation="softmax"),
    ]
)
model.compile("sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(train_x, train_y, validation_data=(test_x, test_y))
""".replace(b"HIDDEN := 8", b"8")

FUNCTIONAL = b"""\
import numpy as np
from tensorflow.keras.layers import Input, Dense
from tensorflow.keras.models import Model
from tensorflow.keras.optimizers import SGD

def main():
    x_train, y_train = np.load("x.npy"), np.load("y.npy")
    inputs = Input(shape=(30,))
    h = Dense(20, activation='tanh')(inputs)
    outputs = Dense(2, activation='softmax')(h)
    model = Model(inputs, outputs)
    model.compile(SGD(0.5, momentum=0.9), loss='categorical_crossentropy', metrics=['accuracy'])
    model.fit(x_train, y_train, 32, 40)

main()
"""

BUILT_IN_A_FUNCTION = b"""\
from keras.layers import *
from keras.models import *

def build():
    net = Sequential()
    net.add(Dense(units = 6, input_dim = 8, activation = 'relu'))
    net.add(Dense(units = 1, activation = 'sigmoid'))
    net.compile(optimizer = 'rmsprop', loss = 'binary_crossentropy', metrics = ['accuracy'])
    return net

net = build()
net.fit(X, y, epochs = 3)
"""

PICTURES = b"""\
from tensorflow import keras

(x_train, y_train), (x_test, y_test) = keras.datasets.mnist.load_data()

model = keras.Sequential([keras.layers.Flatten(input_shape=(28, 28)), keras.layers.Dense(10, activation="softmax")])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=5)
model.evaluate(x_test, y_test)
"""

NEIGHBOURS = b"""\
from sklearn import datasets
from sklearn.neighbors import KNeighborsClassifier
from sklearn.model_selection import train_test_split

X, y = datasets.load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
knn = KNeighborsClassifier(n_neighbors=1)
knn.fit(X_train, y_train)
print(knn.score(X_test, y_test))
"""

PIPELINE = b"""\
from sklearn import neighbors
from sklearn.datasets import load_wine
from sklearn.decomposition import PCA
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline

K = 40
X, y = load_wine(return_X_y=True)
pipe = Pipeline([('pca', PCA(2)), ('knn', neighbors.KNeighborsClassifier(K, weights='uniform'))])
scores = cross_val_score(pipe, X, y, cv=5)
accuracy = scores.mean()
"""

SUPPORT_VECTORS = b"""\
from sklearn.datasets import load_wine
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
clf = SVC(kernel='rbf', C=1.0).fit(X_train, y_train)
print(accuracy_score(y_test, clf.predict(X_test)))
"""

FOREST = b"""\
from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
forest = RandomForestClassifier(n_estimators=2).fit(X_train, y_train)
print(forest.score(X_test, y_test))
"""
