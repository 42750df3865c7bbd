from sklearn.datasets import load_iris
from sklearn.linear_model import Perceptron
from sklearn.model_selection import train_test_split

share = float(input("Which share of the rows is for testing? "))
rounds = int(input("How many rounds? "))
X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=share, random_state=8)
model = Perceptron(max_iter=rounds, tol=None, random_state=8).fit(X_train, y_train)
print("Result: %.4f" % model.score(X_test, y_test))
