import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

X, y = load_digits(return_X_y=True)
X = X / 16.0
print(np.unique(y))
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=6)

mlp = MLPClassifier(
    hidden_layer_sizes=(50,),
    activation="relu",
    solver="adam",
    alpha=0.0001,
    batch_size=64,
    learning_rate_init=0.005,
    max_iter=40,
)
mlp.fit(X_train, y_train)
print("Test set score: %f" % mlp.score(X_test, y_test))
