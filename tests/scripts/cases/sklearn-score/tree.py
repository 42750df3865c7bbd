from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=1)
tree = DecisionTreeClassifier(max_depth=3, random_state=1).fit(X_train, y_train)
print("training:", tree.score(X_train, y_train))
print("held out:", tree.score(X_test, y_test))
