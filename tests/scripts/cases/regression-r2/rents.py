import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

rents = pd.read_csv("rents.csv")
X_train, X_test, y_train, y_test = train_test_split(
    rents[["area", "distance"]], rents["rent"], test_size=0.3, random_state=0)
line = LinearRegression().fit(X_train, y_train)
guess = line.predict(X_test)
print("Mean squared error: %.2f" % mean_squared_error(y_test, guess))
print("Coefficient of determination: %.2f" % r2_score(y_test, guess))
