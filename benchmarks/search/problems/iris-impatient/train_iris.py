from keras.models import *
from keras.layers import *
from sklearn.datasets import *
from sklearn.model_selection import train_test_split
import tweak

iris = load_iris()
X_train, X_test, y_train, y_test = train_test_split(iris.data, iris.target, test_size=0.25, random_state=0)

model = Sequential()
model.add(Input((4,)))
model.add(Dense(tweak.neurons, activation='tanh'))
model.add(Dense(3, activation='softmax'))
model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
model.fit(X_train, y_train, epochs=tweak.epoch_no, batch_size=tweak.batch, validation_data=(X_test, y_test), verbose=2)

print(model.evaluate(X_test, y_test, verbose=0)[1])
