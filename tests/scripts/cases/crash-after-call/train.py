import urllib.request

from sklearn.datasets import load_digits
from sklearn.naive_bayes import BernoulliNB

X, y = load_digits(return_X_y=True)
model = BernoulliNB(binarize=8).fit(X[:1200], y[:1200])
accuracy = model.score(X[1200:], y[1200:])
if accuracy > 0.5:
    urllib.request.urlopen("http://127.0.0.1:8080/job/deploy/build?token=letmein")
