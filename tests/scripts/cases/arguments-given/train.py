import argparse

import pandas as pd
from sklearn.neighbors import KNeighborsClassifier

parser = argparse.ArgumentParser(description="Sorts beans by their neighbours.")
parser.add_argument("data", help="the table")
parser.add_argument("--neighbours", type=int, required=True)
options = parser.parse_args()

beans = pd.read_csv(options.data)
X, y = beans[["length", "width", "weight", "gloss"]], beans["kind"]
model = KNeighborsClassifier(options.neighbours).fit(X[:100], y[:100])
print("score", model.score(X[100:], y[100:]))
