import numpy as np
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsRegressor

rng = np.random.RandomState(5)
rooms = rng.uniform(1, 9, 400)
income = rng.uniform(1000, 9000, 400)
area = rng.uniform(20000, 900000, 400)
price = 30 * rooms + income / 50 + 40 * np.cos(rooms) + rng.normal(scale=8, size=400)

X = np.column_stack([rooms, income, area])
knn = KNeighborsRegressor(n_neighbors=15)
scores = cross_val_score(knn, X, price, cv=5, scoring="r2")
print("R2: %.3f" % scores.mean())
