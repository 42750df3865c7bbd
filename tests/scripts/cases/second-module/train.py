import hyper
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

X, y = load_digits(return_X_y=True)
net = MLPClassifier((hyper.WIDTH,), max_iter=hyper.ROUNDS, learning_rate_init=hyper.RATE, random_state=hyper.SEED)
net.fit(X[:hyper.TRAIN] / 16, y[:hyper.TRAIN])
print("TEST", net.score(X[hyper.TRAIN:] / 16, y[hyper.TRAIN:]))
