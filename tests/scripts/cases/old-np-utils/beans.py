# Multiclass classification with Keras
import numpy
import pandas
from keras.models import Sequential
from keras.layers import Dense, Activation
from keras.utils import np_utils
from sklearn.preprocessing import LabelEncoder

seed = 7
numpy.random.seed(seed)

dataset = pandas.read_csv("beans.csv").values
X = dataset[:, 0:4].astype(float)
X = (X - X.mean(axis=0)) / X.std(axis=0)
encoder = LabelEncoder()
dummy_y = np_utils.to_categorical(encoder.fit_transform(dataset[:, 4]))

model = Sequential()
model.add(Dense(output_dim=16, input_dim=4, init='uniform'))
model.add(Activation('relu'))
model.add(Dense(3, init='uniform', activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
model.fit(X[:120], dummy_y[:120], nb_epoch=60, batch_size=8, verbose=0)

scores = model.evaluate(X[120:], dummy_y[120:], verbose=0)
print("Accuracy: %.2f%%" % (scores[1] * 100))
