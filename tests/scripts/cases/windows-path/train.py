import pandas as pd
from sklearn.tree import DecisionTreeClassifier

data = pd.read_csv(r"C:\Users\Ada\Desktop\beans\data\beans.csv")
X, y = data.iloc[:, :4], data.iloc[:, 4]
tree = DecisionTreeClassifier(max_depth=2, random_state=0)
tree.fit(X[:90], y[:90])
print("Accuracy on the rest =", tree.score(X[90:], y[90:]))
