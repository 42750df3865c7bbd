import numpy
import pandas
from keras.models import Sequential
from keras.layers import Dense
from keras.wrappers.scikit_learn import KerasClassifier
from sklearn.model_selection import cross_val_score, KFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

numpy.random.seed(5)
frame = pandas.read_csv('leaks.csv')
X = frame.iloc[:, :4].values
Y = frame.iloc[:, 4].values


def create_baseline():
    model = Sequential()
    model.add(Dense(8, input_dim=4, kernel_initializer='normal', activation='relu'))
    model.add(Dense(1, kernel_initializer='normal', activation='sigmoid'))
    model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])
    return model


estimator = make_pipeline(StandardScaler(), KerasClassifier(build_fn=create_baseline, epochs=15, batch_size=5, verbose=0))
results = cross_val_score(estimator, X, Y, cv=KFold(n_splits=3, shuffle=True, random_state=5))
print("Baseline: %.2f%% (%.2f%%)" % (results.mean() * 100, results.std() * 100))
