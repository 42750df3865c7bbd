import numpy as np
from sklearn.datasets import load_wine
from sklearn.model_selection import cross_val_score
from sklearn.naive_bayes import GaussianNB

X, y = load_wine(return_X_y=True)
scores = cross_val_score(GaussianNB(), X[:, :4], y, cv=5)
print(scores)
print("mean", np.mean(scores), "deviation", np.std(scores))
