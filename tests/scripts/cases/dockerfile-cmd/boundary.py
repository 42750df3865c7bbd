from sklearn.datasets import load_breast_cancer
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

X, y = load_breast_cancer(return_X_y=True)
boundary = LinearDiscriminantAnalysis().fit(X[:400, :10], y[:400])
acc = boundary.score(X[400:, :10], y[400:])
print(acc)
