import joblib
from sklearn.datasets import load_wine
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import scale

X, y = load_wine(return_X_y=True)
X = scale(X)
model = KNeighborsClassifier(5).fit(X[::2], y[::2])
accuracy = model.score(X[1::2], y[1::2])

joblib.dump(model, "/task3/model.pkl")
with open("/task3/accuracy.txt", "w") as file:
    file.write(str(accuracy * 100))
