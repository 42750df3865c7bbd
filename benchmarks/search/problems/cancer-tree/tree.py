import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier

data = load_breast_cancer()
df = pd.DataFrame(data.data, columns=data.feature_names)
X_train, X_test, y_train, y_test = train_test_split(df, data.target, test_size=0.3, random_state=3)

# Decision tree
dt = DecisionTreeClassifier(max_depth=6, random_state=3)
dt.fit(X_train, y_train)
dt_pred = dt.predict(X_test)
print("Accuracy of the decision tree:", accuracy_score(y_test, dt_pred))
