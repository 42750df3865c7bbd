import matplotlib.pyplot as plt
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier

X, y = load_digits(return_X_y=True)
flat = PCA(2, svd_solver="full").fit_transform(X)
plt.scatter(flat[:, 0], flat[:, 1], c=y)
plt.title("digits, seen from two sides")
plt.show()

model = KNeighborsClassifier(9).fit(flat[:1000], y[:1000])
plt.figure()
plt.hist(model.predict(flat[1000:]))
plt.show()
print("Accuracy:", model.score(flat[1000:], y[1000:]))
