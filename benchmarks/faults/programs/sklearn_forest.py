import numpy as np
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

N_TREES = 60

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=9)
rf = RandomForestClassifier(n_estimators=N_TREES, max_depth=12, min_samples_leaf=1)
rf.fit(X_train, y_train)
print("most important:", np.argmax(rf.feature_importances_))
accuracy = accuracy_score(y_test, rf.predict(X_test))
print("accuracy", accuracy)
