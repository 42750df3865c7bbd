"""Scripts that train scikit-learn estimators as people write them; all of them run."""

TREE_IN_A_FUNCTION = b"""\
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

DEPTH = 1  # levels
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)

def train(X, y):
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=40, max_features=1, random_state=0)
    return tree.fit(X, y)

print(train(X_train, y_train).score(X_test, y_test))
"""

FOREST_OF_A_DICT = b"""\
from sklearn import ensemble
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

params = {
    'n_estimators': 1,
    'max_depth': 1,
    'random_state': 7,
}
X, y = load_breast_cancer(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
forest = ensemble.RandomForestClassifier(**params)
forest.fit(X_train, y_train)
print(accuracy_score(y_test, forest.predict(X_test)))
"""

BOOSTING = b"""\
from sklearn.datasets import load_wine
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.model_selection import train_test_split

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)

models = {
    "slow": GradientBoostingClassifier(),
    "fast": HistGradientBoostingClassifier(
        max_iter=2,
        max_leaf_nodes=3,
        learning_rate=0.01,
    ),
}
model = models["fast"]
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
"""

SUPPORT_VECTORS = b"""\
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
clf = make_pipeline(StandardScaler(), SVC(C=0.001, kernel='sigmoid', gamma=10.0))
clf.fit(X_train, y_train)
print(clf.score(X_test, y_test))
"""

VECTORS_SET_LATER = b"""\
from sklearn.datasets import load_wine
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

X, y = load_wine(return_X_y=True)
pipe = Pipeline([("scale", StandardScaler()), ("svc", SVC())])
pipe.set_params(svc__C=0.01, svc__gamma=1e-6, svc__kernel="sigmoid")
print(cross_val_score(pipe, X, y, cv=5).mean())
"""

NETWORK = b"""\
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
net = MLPClassifier((4, 2), "logistic", max_iter=20, alpha=50, learning_rate_init=0.00001, random_state=1)
net.fit(X_train, y_train)
print(net.score(X_test, y_test))
"""

NETWORK_OF_A_CONSTANT = b"""\
import numpy as np
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

HIDDEN = (2,)
X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
class Trainer:
    def __init__(self):
        self.net = MLPClassifier(hidden_layer_sizes=HIDDEN, solver="sgd", activation='tanh')

    def run(self):
        self.net.fit(X_train, y_train)
        return self.net.score(X_test, y_test)

print(Trainer().run())
"""

LOGISTIC = b"""\
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
model = LogisticRegression(C=1e-6, max_iter=5)
model.fit(X_train, y_train)
print("accuracy:", model.score(X_test, y_test))
"""

BAYES_AND_THEN_DESCENT = b"""\
from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import MultinomialNB

X, y = load_digits(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)

clf = MultinomialNB(alpha=1000.)
clf.fit(X_train, y_train)
print("bayes", clf.score(X_test, y_test))

clf = SGDClassifier(alpha=1000, class_weight=None, random_state=0)
clf.fit(X_train, y_train)
print("descent", clf.score(X_test, y_test))
"""

BAYES = b"""\
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.naive_bayes import GaussianNB

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
nb = GaussianNB(var_smoothing=0.5)
nb.fit(X_train, y_train)
print(nb.score(X_test, y_test))
"""

BAYES_AS_IT_COMES = b"""\
from sklearn.datasets import load_iris
from sklearn.model_selection import cross_val_score
from sklearn.naive_bayes import GaussianNB
X, y = load_iris(return_X_y=True)
print(cross_val_score(GaussianNB(), X, y, cv=5).mean())
"""

REDUCED = b"""\
from sklearn.datasets import load_wine
from sklearn.feature_selection import SelectKBest
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.tree import ExtraTreeClassifier

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
model = make_pipeline(SelectKBest(k=1), ExtraTreeClassifier(random_state=1))
model.fit(X_train, y_train)
print(model.score(X_test, y_test))
"""

CHOSEN_BY_A_SETTING = b"""\
import argparse
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

parser = argparse.ArgumentParser()
parser.add_argument("--kind", default="tree")
args, _ = parser.parse_known_args()
DEPTH = None
LEAF = 60
X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
if args.kind == "neighbours":
    clf = KNeighborsClassifier()
elif args.kind == "tree":
    clf = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=LEAF)
clf.fit(X_train, y_train)
print(clf.score(X_test, y_test))
"""

SPREAD_FROM_A_FILE = b"""\
import json

from sklearn.datasets import load_iris
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.model_selection import train_test_split

with open('config.json') as f:
    config = json.load(f)
X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=config['data']['seed'])
model = GradientBoostingClassifier(**config['model'])
model.fit(X_train, y_train)
print('accuracy:', model.score(X_test, y_test))
"""

TABLES = b"""\
{
  "data": {"seed": 7},
  "model": {
    "n_estimators": 10,
    "max_depth": 2
  }
}
"""
NAMED = b"""\
from sklearn.datasets import load_wine
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)

# A k-nearest-neighbours classifier
knn = KNeighborsClassifier(n_neighbors=1)  # k nearest neighbours
knn.fit(X_train, y_train)
knn_pred = knn.predict(X_test)
print("KNN accuracy:", accuracy_score(y_test, knn_pred))
"""

AMOUNTS = b"""\
from sklearn import linear_model
from sklearn.datasets import load_diabetes
from sklearn.metrics import r2_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

X, y = load_diabetes(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3)
lr = linear_model.LinearRegression(n_jobs=2)  # linear regression
lr.fit(X_train, y_train)
print("Linear regression, R2:", r2_score(y_test, lr.predict(X_test)))
"""
