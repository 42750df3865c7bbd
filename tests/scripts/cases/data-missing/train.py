import pandas as pd
from sklearn.linear_model import LogisticRegression

data = pd.read_csv("harvest_2019.csv")
X, y = data.iloc[:, :-1], data.iloc[:, -1]
model = LogisticRegression().fit(X[:500], y[:500])
print("accuracy", model.score(X[500:], y[500:]))
