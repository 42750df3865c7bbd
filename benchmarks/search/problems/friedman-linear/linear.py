from sklearn import linear_model
from sklearn.datasets import make_friedman1
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

X, y = make_friedman1(n_samples=1000, n_features=8, noise=0.5, random_state=11)


def evaluate(model):
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=11)
    model.fit(X_train, y_train)
    return model.score(X_test, y_test)


lr = Pipeline([("scaler", StandardScaler()), ("lr", linear_model.LinearRegression())])
print("R2 = %.4f" % evaluate(lr))
