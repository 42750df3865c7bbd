import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

params = {
    'n_estimators': 5,
    'max_depth': 3,
    'max_features': 2,
}

np.set_printoptions(precision=3)
X, y = load_digits(return_X_y=True)
Xtr, Xte, ytr, yte = train_test_split(X, y, test_size=0.25, random_state=8)
rf = RandomForestClassifier(**params)
rf.fit(Xtr, ytr)
test_score = rf.score(Xte, yte)
print('train', rf.score(Xtr, ytr))
print('test', test_score)
