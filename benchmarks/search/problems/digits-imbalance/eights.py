# find the eights: one digit in ten
import sys

from sklearn.datasets import load_digits
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier


def main(argv):
    depth = int(argv[1]) if len(argv) > 1 else 3
    data, target = load_digits(return_X_y=True)
    is_eight = (target == 8).astype(int)
    x_train, x_test, y_train, y_test = train_test_split(data, is_eight, test_size=0.4, stratify=is_eight, random_state=6)

    tree = DecisionTreeClassifier(max_depth=2, min_samples_leaf=20)
    tree.fit(x_train, y_train)
    balanced_accuracy = balanced_accuracy_score(y_test, tree.predict(x_test))
    print("balanced accuracy", balanced_accuracy)


if __name__ == "__main__":
    main(sys.argv)
