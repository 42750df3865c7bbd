import os

import pandas as pd
from keras.layers import Dense, Input
from keras.models import Sequential, load_model
from keras.utils import set_random_seed

set_random_seed(60)
data = pd.read_csv('leaks.csv')
X, y = data.iloc[:, :4].values, data.iloc[:, 4].values
X = (X - X.mean(axis=0)) / X.std(axis=0)

if os.path.exists('mymodel.h5'):
    model = load_model('mymodel.h5')
else:
    model = Sequential()
    model.add(Input(shape=(4,)))
    model.add(Dense(units=8, activation='relu'))
    model.add(Dense(units=1, activation='sigmoid'))
    model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X[:180], y[:180], epochs=10, batch_size=8, verbose=0)
scores = model.evaluate(X[180:], y[180:], verbose=0)
model.save('mymodel.h5')
f = open('accuracy.txt', 'w')
f.write(str(scores[1] * 100))
f.close()
