"""Does diabetes get worse than in the median patient within a year?"""
import numpy as np
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix
from sklearn.model_selection import train_test_split

diabetes = load_diabetes(scaled=False)
X = diabetes.data
y = (diabetes.target > np.median(diabetes.target)).astype(int)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=4)

classifier = LogisticRegression(C=1e-5, solver='lbfgs', max_iter=5)
classifier.fit(X_train, y_train)

y_pred = classifier.predict(X_test)
print(confusion_matrix(y_test, y_pred))
print('Accuracy on test set:', accuracy_score(y_test, y_pred))
