from sklearn.datasets import load_breast_cancer
from sklearn.tree import DecisionTreeClassifier

X, y = load_breast_cancer(return_X_y=True)
stump = DecisionTreeClassifier(max_depth=1, random_state=0).fit(X[:400], y[:400])
acc = stump.score(X[400:], y[400:])
print(acc)
