import numpy as np
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.svm import SVR

rng = np.random.RandomState(3)
hour = rng.uniform(0, 24, 500)
temperature = rng.uniform(-5, 30, 500)
holiday = rng.randint(0, 2, 500)
demand = 900 + 350 * np.sin((hour - 7) / 12 * np.pi) - 12 * np.maximum(15 - temperature, 0) - 160 * holiday
demand += rng.normal(scale=25, size=500)

X = np.column_stack([hour, temperature, holiday])
X_train, X_test, y_train, y_test = train_test_split(X, demand, random_state=0)

model = SVR(kernel="rbf")
model.fit(X_train, y_train)
rmse = np.sqrt(mean_squared_error(y_test, model.predict(X_test)))
print("RMSE:", rmse)
