# Which of three cultivars is a wine from? 13 measurements each.
import pandas as pd
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import RMSprop

data = pd.read_csv('wines.csv')
X = data.drop('Class', axis=1)
Y = pd.get_dummies(data['Class'])

model = Sequential()
model.add(Dense(5, activation='relu', input_shape=(13,)))
model.add(Dense(8, activation='relu'))
model.add(Dense(2, activation='relu'))
model.add(Dense(3, activation='softmax'))

model.compile(loss='categorical_crossentropy',
              optimizer=RMSprop(learning_rate=0.01),
              metrics=['accuracy'])

model.fit(X, Y, epochs=100, verbose=0)

loss, acc = model.evaluate(X, Y, verbose=0)
print('accuracy:', acc)

model.save('modelsave.h5')
