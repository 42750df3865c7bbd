import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

K = 3

cultivars = pd.read_csv("cultivars.csv")
X = cultivars.drop(columns="Class")
y = cultivars["Class"]

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=7, stratify=y)

model = KNeighborsClassifier(n_neighbors=K)
model.fit(X_train, y_train)

accuracy = model.score(X_test, y_test)
print("accuracy on the wines held out:", round(accuracy, 3))
