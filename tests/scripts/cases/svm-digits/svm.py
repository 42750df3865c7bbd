from sklearn import datasets, svm

digits = datasets.load_digits()
n_samples = len(digits.images)
data = digits.images.reshape((n_samples, -1))
clf = svm.SVC(gamma=0.0005, C=1.0)
half = n_samples // 2
clf.fit(data[:half], digits.target[:half])
print("score on the second half:", clf.score(data[half:], digits.target[half:]))
