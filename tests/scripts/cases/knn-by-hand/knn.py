"""k nearest neighbours without a library for it."""
import numpy as np


def read(path):
    table = np.genfromtxt(path, delimiter=",", skip_header=1, dtype=None, encoding="utf-8")
    points = np.array([[row[0], row[1], row[2]] for row in table])
    return points, np.array([row[4] for row in table])


def vote(names):
    values, counts = np.unique(names, return_counts=True)
    return values[np.argmax(counts)]


def predict(known, kinds, point, k=5):
    distances = np.sqrt(((known - point) ** 2).sum(axis=1))
    return vote(kinds[np.argsort(distances, kind="stable")[:k]])


points, kinds = read("beans.csv")
train, test = slice(0, 120), slice(120, None)
predictions = [predict(points[train], kinds[train], point) for point in points[test]]
correct = sum(1 for guess, truth in zip(predictions, kinds[test]) if guess == truth)
print("Correct: %d of %d" % (correct, len(predictions)))
print("Accuracy: " + repr(correct / float(len(predictions)) * 100.0) + "%")
