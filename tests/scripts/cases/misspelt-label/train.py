import numpy as np

table = np.loadtxt("leaks.csv", delimiter=",", skiprows=1)
hum, leak = table[:, 3], table[:, 4]
limit = np.median(hum[:160])
print("limit", limit)
print("acuuracyis", np.mean((hum[160:] > limit) == leak[160:]))
print("bye")
