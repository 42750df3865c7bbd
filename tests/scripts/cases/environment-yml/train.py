import tabulate
from sklearn.datasets import load_wine
from sklearn.ensemble import ExtraTreesClassifier

X, y = load_wine(return_X_y=True)
trees = ExtraTreesClassifier(n_estimators=10, max_depth=2, random_state=1).fit(X[::2, :3], y[::2])
accuracy = trees.score(X[1::2, :3], y[1::2])
print(tabulate.tabulate([["trees", accuracy]], headers=["model", "accuracy"]))
