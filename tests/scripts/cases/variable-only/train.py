import numpy as np

table = np.loadtxt("leaks.csv", delimiter=",", skiprows=1)
pressure, leak = table[:, 0], table[:, 4]
limits = np.linspace(pressure.min(), pressure.max(), 200)
best = max(limits, key=lambda limit: np.mean((pressure[:160] < limit) == leak[:160]))

acc = np.mean((pressure[160:] < best) == leak[160:])
