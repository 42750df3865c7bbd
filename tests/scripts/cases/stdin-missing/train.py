from sklearn.datasets import load_iris
from sklearn.linear_model import Perceptron

rounds = int(input("How many rounds? "))
X, y = load_iris(return_X_y=True)
model = Perceptron(max_iter=rounds, tol=None, random_state=8).fit(X[::2], y[::2])
print("Result: %.4f" % model.score(X[1::2], y[1::2]))
