from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import classification_report
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

cancer = load_breast_cancer()
X_train, X_test, y_train, y_test = train_test_split(cancer.data, cancer.target, random_state=3)
scaler = StandardScaler().fit(X_train)
model = LogisticRegression(C=0.01).fit(scaler.transform(X_train), y_train)
print(classification_report(y_test, model.predict(scaler.transform(X_test)), target_names=cancer.target_names))
