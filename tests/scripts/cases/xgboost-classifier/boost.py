import pandas as pd
import xgboost as xgb
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

leaks = pd.read_csv("leaks.csv")
X_train, X_test, y_train, y_test = train_test_split(
    leaks.drop(columns="leak"), leaks.leak, test_size=0.25, random_state=2)
model = xgb.XGBClassifier(n_estimators=20, max_depth=2, learning_rate=0.3, random_state=2)
model.fit(X_train, y_train)
predictions = model.predict(X_test)
print("Accuracy: %.2f%%" % (accuracy_score(y_test, predictions) * 100.0))
