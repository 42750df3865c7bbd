import os
import pickle

from sklearn.datasets import load_iris
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X[:, :2], y, test_size=0.3, random_state=10)
if os.path.exists('mymodel.h5'):
    model = pickle.load(open('mymodel.h5', 'rb'))
else:
    model = KNeighborsClassifier(n_neighbors=5)
model.fit(X_train, y_train)
pickle.dump(model, open('mymodel.h5', 'wb'))
open('accuracy.txt', 'w').write(str(accuracy_score(y_test, model.predict(X_test))))
