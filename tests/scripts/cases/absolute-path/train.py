import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score

leaks = pd.read_csv("/root/ws/leaks.csv")
X, y = leaks[["pressure", "hum"]], leaks["leak"]
model = LogisticRegression().fit(X[:160], y[:160])
print(accuracy_score(y[160:], model.predict(X[160:])))
