import pandas as pd
from sklearn.svm import LinearSVC

data = pd.read_csv("data/beans.csv")
X, y = data.iloc[:, :4], data.iloc[:, 4]
model = LinearSVC(random_state=0, max_iter=5000).fit(X[:90], y[:90])
print("Accuracy on the rest =", model.score(X[90:], y[90:]))
