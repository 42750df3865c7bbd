import numpy as np
import pandas as pd
from keras.models import Sequential
from keras.layers import Dense

np.random.seed(6)
df = pd.read_csv('beans.csv')
y = pd.get_dummies(df['kind'])
X = df.drop('kind', axis=1)
X = (X - X.mean()) / X.std()

model = Sequential()
model.add(Dense(units=12, activation='relu', input_dim=4))
model.add(Dense(units=3, activation='softmax'))
model.compile(loss='categorical_crossentropy', optimizer='rmsprop', metrics=['accuracy'])
model.fit(X[:120].values, y[:120].values, epochs=40, batch_size=8, verbose=0)
loss_and_metrics = model.evaluate(X[120:].values, y[120:].values, batch_size=16)
print(loss_and_metrics)
