import numpy as np
from sklearn.datasets import make_friedman1
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import KFold
from sklearn.tree import DecisionTreeRegressor

X, y = make_friedman1(n_samples=400, noise=1.0, random_state=2)
errors = []
for train_index, test_index in KFold(n_splits=5, shuffle=True, random_state=0).split(X):
    tree = DecisionTreeRegressor()
    tree.fit(X[train_index], y[train_index])
    errors.append(mean_absolute_error(y[test_index], tree.predict(X[test_index])))

mae = np.mean(errors)
print("mean absolute error over the folds:", mae)
