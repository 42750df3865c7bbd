"""Logistic regression by gradient descent, in numpy."""
import numpy as np

table = np.loadtxt("leaks.csv", delimiter=",", skiprows=1)
x, y = table[:, :4], table[:, 4]
x = np.c_[np.ones(len(x)), (x - x.mean(axis=0)) / x.std(axis=0)]
w = np.zeros(x.shape[1])
for step in range(300):
    guess = 1 / (1 + np.exp(-x[:160] @ w))
    w -= 0.1 * x[:160].T @ (guess - y[:160]) / 160

right = ((x[160:] @ w > 0) == y[160:]).mean()
with open("accuracy.txt", "w") as f:
    f.write("%.4f" % right)
