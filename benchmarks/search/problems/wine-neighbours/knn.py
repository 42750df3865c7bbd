from sklearn.datasets import *
from sklearn.neighbors import *
from sklearn.model_selection import train_test_split

wine = load_wine()
X_train, X_test, y_train, y_test = train_test_split(wine.data, wine.target, test_size=.3, random_state=2)

k = 60
knn = KNeighborsClassifier(k)
knn.fit(X_train, y_train)
print("score", knn.score(X_test, y_test))
