import numpy as np
from sklearn.datasets import make_friedman1
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

X, y = make_friedman1(n_samples=800, noise=0.5, random_state=1)
print("mean", np.mean(y))
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=1)

gbr = GradientBoostingRegressor(n_estimators=150, learning_rate=0.1, max_depth=3, subsample=0.8)
gbr.fit(X_train, y_train)
predictions = gbr.predict(X_test)
r2 = r2_score(y_test, predictions)
print("R2", r2)
