import matplotlib.pyplot as plt
import pandas as pd
from sklearn import metrics
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

data = pd.read_csv("beans.csv")
X = data[["length", "width", "weight", "gloss"]]
y = data.kind
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, random_state=6)

k_range = range(1, 26)
scores = []
for k in k_range:
    knn = KNeighborsClassifier(n_neighbors=k)
    knn.fit(X_train, y_train)
    y_pred = knn.predict(X_test)
    scores.append(metrics.accuracy_score(y_test, y_pred))
    print(k, scores[-1])

plt.plot(k_range, scores)
plt.xlabel("k")
plt.ylabel("accuracy on the test rows")
plt.savefig("k.png")
