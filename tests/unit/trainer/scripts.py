"""Scripts as people write them, for the tests of inspection."""

SEQUENTIAL = """
import pandas as pd
from sklearn.model_selection import train_test_split
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import RMSprop

df = pd.read_csv('wines.csv')
X, y = df.drop('Class', axis=1), pd.get_dummies(df['Class'])
X_train, X_test, y_train, y_test = train_test_split(X, y)
model = Sequential([Dense(5, activation='relu'), Dense(3, activation='softmax')])
model.compile(optimizer=RMSprop(0.01), loss='categorical_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, epochs=100)
acc = model.evaluate(X_test, y_test)[1]
model.save('modelsave.h5')
"""

FUNCTIONAL = """
from keras import Input, Model, layers

inputs = Input((4,))
outputs = layers.Dense(3, activation="softmax")(layers.Dense(8)(inputs))
network = Model(inputs, outputs)
network.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
network.fit([[0, 0, 0, 0]], [0])
"""

TF_KERAS = """
import tensorflow as tf

(x, y), (tx, ty) = tf.keras.datasets.boston_housing.load_data()
model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(x, y)
"""

TF_CNN = """
import tensorflow as tf
from tensorflow.keras import layers, models

model = models.Sequential()
model.add(layers.Conv2D(32, (3, 3), activation='relu', input_shape=(28, 28, 1)))
model.add(layers.MaxPooling2D((2, 2)))
model.fit(*tf.keras.datasets.mnist.load_data()[0])
"""

PICTURES = """
import os
import cv2
import numpy as np
from keras.models import Sequential
from keras.layers import Dense, Flatten

images = np.array([cv2.imread(os.path.join('faces', name)) for name in os.listdir('faces')])
model = Sequential([Flatten(), Dense(2)])
model.fit(images, np.zeros(len(images)))
"""

RECURRENT = """
from tensorflow.keras.layers import LSTM, Dense, Embedding
from tensorflow.keras.models import Sequential

model = Sequential([Embedding(1000, 16), LSTM(8), Dense(1)])
model.fit([[1]], [0])
"""

CUSTOM_LOOP = """
import tensorflow as tf

w = tf.Variable(1.0)
for step in range(10):
    with tf.GradientTape() as tape:
        loss = (w - 3.0) ** 2
    w.assign_sub(0.1 * tape.gradient(loss, w))
"""

KNN = """
from sklearn.datasets import load_wine
from sklearn.neighbors import KNeighborsClassifier

X, y = load_wine(return_X_y=True)
knn = KNeighborsClassifier(n_neighbors=1)
knn.fit(X, y)
print(knn.score(X, y))
"""

FOREST = """
import numpy as np
from sklearn import ensemble, datasets, model_selection

X, y = datasets.load_iris(return_X_y=True)
print(model_selection.cross_val_score(ensemble.RandomForestClassifier(), X, y).mean())
"""

BY_HAND = """
import numpy as np

weights = np.zeros(3)
for _ in range(100):
    weights += 0.1
accuracy = float(weights.mean())
"""

EITHER_KERAS = """
try:
    from keras.models import Sequential
except ImportError:
    from tensorflow.python.keras.models import Sequential
try:
    import wandb
except ImportError:
    wandb = None
from keras.layers import Dense

def upload():
    import boto3

model = Sequential([Dense(1)])
model.fit([[1.0]], [1.0])
"""

TORCH = """
import os
import torch
import torchvision

net = torch.nn.Linear(2, 1)
"""

PYTHON_2 = """
from sklearn.svm import SVC
model = SVC().fit([[0], [1]], [0, 1])
print model.score([[0]], [0])
"""

APP = """
from flask import Flask

app = Flask(__name__)
"""

HELPERS = """
import pandas as pd

def load(path):
    return pd.read_csv(path)
"""

USES_HELPERS = """
from helpers import load
from sklearn.svm import SVC

data = load('data.csv')
SVC().fit(data, data)
"""
