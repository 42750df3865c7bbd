import xgboost as xgb
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

X, y = load_digits(return_X_y=True)
X_train, X_valid, y_train, y_valid = train_test_split(X, y, test_size=0.2, random_state=21)

booster = xgb.XGBClassifier(
    n_estimators=4,
    max_depth=1,
    learning_rate=0.05,
    n_jobs=1,
)
booster.fit(X_train, y_train)
valid_accuracy = booster.score(X_valid, y_valid)
print(f"validation accuracy: {valid_accuracy:.3f}")
