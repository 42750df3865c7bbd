import numpy
import pandas
from keras.layers import Dense, Input
from keras.models import Sequential
from keras.utils import set_random_seed
from sklearn.model_selection import StratifiedKFold

set_random_seed(7)
dataset = pandas.read_csv("leaks.csv").values
X = dataset[:, :4]
X = (X - X.mean(axis=0)) / X.std(axis=0)
Y = dataset[:, 4]

kfold = StratifiedKFold(n_splits=4, shuffle=True, random_state=7)
cvscores = []
for train, test in kfold.split(X, Y):
    model = Sequential()
    model.add(Input((4,)))
    model.add(Dense(12, activation='relu'))
    model.add(Dense(1, activation='sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
    model.fit(X[train], Y[train], epochs=12, batch_size=8, verbose=0)
    scores = model.evaluate(X[test], Y[test], verbose=0)
    print("%s: %.2f%%" % (model.metrics_names[1], scores[1] * 100))
    cvscores.append(scores[1] * 100)
print("%.2f%% (+/- %.2f%%)" % (numpy.mean(cvscores), numpy.std(cvscores)))
