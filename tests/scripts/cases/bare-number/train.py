import numpy as np

table = np.loadtxt("leaks.csv", delimiter=",", skiprows=1)
flow, leak = table[:, 1], table[:, 4]
limit = (flow[:160][leak[:160] == 0].mean() + flow[:160][leak[:160] == 1].mean()) / 2
print("threshold found")
print(np.mean((flow[160:] > limit) == leak[160:]))
