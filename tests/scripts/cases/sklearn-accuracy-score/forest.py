import pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split


def main():
    beans = pd.read_csv("beans.csv")
    train, test = train_test_split(beans, test_size=0.3, random_state=4)
    names = ["length", "width", "weight", "gloss"]
    forest = RandomForestClassifier(n_estimators=20, max_depth=2, random_state=4)
    forest.fit(train[names], train["kind"])
    predicted = forest.predict(test[names])
    print("The forest is right in", accuracy_score(test["kind"], predicted), "of the cases")


if __name__ == "__main__":
    main()
