from sklearn.datasets import load_digits
from sklearn.model_selection import cross_val_score
from sklearn.naive_bayes import GaussianNB

digits = load_digits()
gnb = GaussianNB()
scores = cross_val_score(gnb, digits.data, digits.target, cv=5)
print("mean accuracy over 5 folds: %.3f" % scores.mean())
