# -*- coding: utf-8 -*-
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split

N_TREES = 8
RATE = 0.01

X, y = load_breast_cancer(return_X_y=True, as_frame=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=17)

model = GradientBoostingClassifier(n_estimators=N_TREES, learning_rate=RATE, max_depth=1)
model.fit(X_train, y_train)
accuracy = model.score(X_test, y_test)
print('Accuracy: {0:.3f}'.format(accuracy))
