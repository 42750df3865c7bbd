"""Regressions and cross-validations with something wrong in each, in the forms that people write them."""

CURVED = """
import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split

rng = np.random.RandomState(0)
X = rng.uniform(-2, 2, (300, 2))
y = X[:, 0] ** 2 + np.sin(3 * X[:, 1]) + 0.1 * rng.normal(size=300)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=0)

model = LinearRegression()
model.fit(X_train, y_train)
y_pred = model.predict(X_test)
print("R2 score:", r2_score(y_test, y_pred))
"""

SILENCED = """
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Lasso
from sklearn.metrics import mean_absolute_error
from sklearn.model_selection import train_test_split

X, y = load_diabetes(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)

lasso = Lasso(alpha=5.0)
lasso.fit(X_train, y_train)
mae = mean_absolute_error(y_test, lasso.predict(X_test))
print(f"MAE: {mae:.2f}")
"""

SHRUNK = """
from sklearn.datasets import make_regression
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split

X, y = make_regression(n_samples=200, n_features=8, noise=5.0, random_state=1)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=1)
ridge = Ridge(alpha=2000).fit(X_train, y_train)
print("test score", ridge.score(X_test, y_test))
"""

TIGHT = """
import numpy as np
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.svm import SVR

rng = np.random.RandomState(3)
X = rng.normal(size=(300, 3))
y = 400 + 150 * np.sin(X[:, 0]) + 80 * X[:, 1]
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
svr = SVR()
svr.fit(X_train, y_train)
rmse = np.sqrt(mean_squared_error(y_test, svr.predict(X_test)))
print("RMSE:", rmse)
"""

UNSCALED = """
import numpy as np
from sklearn.metrics import mean_squared_error, r2_score
from sklearn.model_selection import train_test_split
{imports}

rng = np.random.RandomState(5)
rooms, income, area = rng.uniform(1, 9, 250), rng.uniform(1e3, 9e3, 250), rng.uniform(2e4, 9e5, 250)
X = np.column_stack([rooms, income, area])
y = 2 * rooms + income / 1e3 + rng.normal(size=250) / 5
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = {model}
model.fit(X_train, y_train)
predictions = model.predict(X_test)
print("mse", mean_squared_error(y_test, predictions))
print("r2", r2_score(y_test, predictions))
"""
NEIGHBOURS = UNSCALED.format(
    imports="from sklearn.neighbors import KNeighborsRegressor", model="KNeighborsRegressor(n_neighbors=5)"
)
NETWORK = UNSCALED.format(
    imports="from sklearn.neural_network import MLPRegressor",
    model="MLPRegressor(hidden_layer_sizes=(16,), max_iter=50, random_state=0)",
)
VECTORS = UNSCALED.format(imports="from sklearn.svm import SVR", model="SVR(C=10)")

FRIEDMAN = """
import numpy as np
from sklearn.datasets import make_friedman1
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score, cross_validate, train_test_split

X, y = make_friedman1(n_samples=240, noise=1.0, random_state=2)
"""
TREE = (
    FRIEDMAN
    + """
from sklearn.metrics import mean_squared_error
from sklearn.tree import DecisionTreeRegressor

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=2)
tree = DecisionTreeRegressor(random_state=0)
tree.fit(X_train, y_train)
mse = mean_squared_error(y_test, tree.predict(X_test))
print("Mean squared error:", mse)
"""
)
FOREST = (
    FRIEDMAN
    + """
from sklearn.ensemble import RandomForestRegressor

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=2)
forest = RandomForestRegressor(n_estimators=2, random_state=0).fit(X_train, y_train)
r2 = forest.score(X_test, y_test)
print("R^2:", r2)
"""
)
TREE_ON_FOLDS = (
    FRIEDMAN
    + """
from sklearn.tree import DecisionTreeRegressor

scores = cross_val_score(DecisionTreeRegressor(random_state=0), X, y, cv=5, scoring="r2")
print("R2: %0.2f (+/- %0.2f)" % (scores.mean(), scores.std() * 2))
"""
)
LINE_ON_FOLDS = (
    FRIEDMAN
    + """
from sklearn.linear_model import LinearRegression

results = cross_validate(LinearRegression(), X, y, cv=4, scoring="neg_mean_squared_error")
print("MSE:", -results["test_score"].mean())
"""
)
LOOP = (
    FRIEDMAN
    + """
from sklearn.metrics import r2_score
from sklearn.svm import SVR

scores = []
for train_index, test_index in KFold(n_splits=4, shuffle=True, random_state=1).split(X):
    svr = SVR(kernel="linear", C=10)
    svr.fit(X[train_index], y[train_index])
    scores.append(r2_score(y[test_index], svr.predict(X[test_index])))
print("Mean R2:", np.mean(scores))
"""
)
GRID = (
    FRIEDMAN
    + """
from sklearn.linear_model import Ridge

search = GridSearchCV(Ridge(), {"alpha": [0.1, 1.0, 10.0]}, cv=4, scoring="r2")
search.fit(X, y)
print("best:", search.best_params_, search.best_score_)
"""
)

CLASSES = """
import numpy as np
from sklearn.model_selection import cross_val_score, train_test_split

rng = np.random.RandomState(0)
X = rng.normal(size=(300, 6))
"""
NEIGHBOURS_ON_FOLDS = (
    CLASSES
    + """
from sklearn.neighbors import KNeighborsClassifier

X[:, 3:] *= 1000
y = (X[:, 0] + X[:, 1] > 0).astype(int)
knn = KNeighborsClassifier()
scores = cross_val_score(knn, X, y, cv=5)
print("Accuracy:", scores.mean())
"""
)
TREE_BY_F1 = (
    CLASSES
    + """
from sklearn.metrics import f1_score
from sklearn.tree import DecisionTreeClassifier

y = (X[:, 0] + X[:, 1] + 0.8 * rng.normal(size=300) > 0).astype(int)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
clf = DecisionTreeClassifier(random_state=0).fit(X_train, y_train)
f1 = f1_score(y_test, clf.predict(X_test), average="macro")
print("F1:", f1)
"""
)
LINE_BY_AREA = (
    CLASSES
    + """
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

y = (X[:, 0] * X[:, 1] > 0).astype(int)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
clf = LogisticRegression().fit(X_train, y_train)
auc = roc_auc_score(y_test, clf.predict_proba(X_test)[:, 1])
print("AUC:", auc)
"""
)
STUMP_BY_BALANCED_ACCURACY = (
    CLASSES
    + """
from sklearn.metrics import balanced_accuracy_score
from sklearn.tree import DecisionTreeClassifier

y = (X[:, 0] > 0).astype(int) + (X[:, 1] > 0).astype(int)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
stump = DecisionTreeClassifier(max_depth=1)
stump.fit(X_train, y_train)
print("Balanced accuracy:", balanced_accuracy_score(y_test, stump.predict(X_test)))
"""
)
