"""The nearest class centre, in numpy; the file beside it is from another day."""
import numpy as np

table = np.loadtxt("leaks.csv", delimiter=",", skiprows=1)
x, y = table[:, :2], table[:, 4]
centres = np.array([x[:160][y[:160] == kind].mean(axis=0) for kind in (0, 1)])
distance = ((x[160:, None] - centres) ** 2).sum(axis=2)
print("accuracy: {:.4f}".format((distance.argmin(axis=1) == y[160:]).mean()))
