"""Scripts that train with XGBoost, LightGBM and CatBoost as people write them; all of them run where these are."""

XGBOOST = b"""\
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from xgboost import XGBClassifier

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
model = XGBClassifier(n_estimators=2, max_depth=1, eta=0.001, max_leaves=2)
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
"""

XGBOOST_TRAINED = b"""\
import xgboost as xgb
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
params = {
    'objective': 'binary:logistic',  # two classes
    'max_depth': 1,
}
params['eta'] = 0.0001
bst = xgb.train(params, xgb.DMatrix(X_train, label=y_train))
predicted = bst.predict(xgb.DMatrix(X_test)) > 0.5
print(accuracy_score(y_test, predicted))
"""

LIGHTGBM = b"""\
from lightgbm import LGBMClassifier
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

SETTINGS = dict(n_estimators=3, num_leaves=2, min_child_samples=60, verbose=-1)
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
print(LGBMClassifier(**SETTINGS).fit(X_train, y_train).score(X_test, y_test))
"""

LIGHTGBM_TRAINED = b"""\
import lightgbm as lgb
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

ROUNDS = 1
X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
params = {"objective": "binary", "verbose": -1, "num_leaves": 2}
booster = lgb.train(params, lgb.Dataset(X_train, y_train), num_boost_round=ROUNDS)
print(accuracy_score(y_test, booster.predict(X_test) > 0.5))
"""

CATBOOST = b"""\
from catboost import CatBoostClassifier
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
model = CatBoostClassifier(2, learning_rate=0.001, depth=1, verbose=False, random_seed=1)
model.fit(X_train, y_train)
print((model.predict(X_test).ravel() == y_test).mean())
"""

XGBOOST_IN_A_FUNCTION = b"""\
import xgboost
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split

PARAMS = dict(objective='multi:softmax', num_class=3, eta=0.001)

def train(params, data):
    return xgboost.train(params, data, 2)

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
booster = train(PARAMS, xgboost.DMatrix(X_train, y_train))
print((booster.predict(xgboost.DMatrix(X_test)) == y_test).mean())
"""
