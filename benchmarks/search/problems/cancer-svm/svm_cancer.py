import numpy as np
from sklearn import svm
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split


def run(C=1.0, gamma=1.0):
    X, y = load_breast_cancer(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)
    clf = svm.SVC(C=C, kernel="rbf", gamma=gamma)
    clf.fit(X_train, y_train)
    y_pred = clf.predict(X_test)
    print("support vectors:", np.sum(clf.n_support_))
    return accuracy_score(y_test, y_pred)


if __name__ == "__main__":
    acc = run()
    print("accuracy = %.3f" % acc)
