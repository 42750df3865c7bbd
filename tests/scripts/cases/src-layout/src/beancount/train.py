from sklearn.metrics import accuracy_score
from sklearn.naive_bayes import GaussianNB

from beancount.data import load


def main():
    x, y = load()
    model = GaussianNB().fit(x[:120], y[:120])
    accuracy = accuracy_score(y[120:], model.predict(x[120:]))
    print("accuracy", accuracy)


if __name__ == "__main__":
    main()
