"""Of several models' scores that counts which the author reports; loops over settings are the author's own search."""

import pytest

from tests.unit.trainprobe.patterns import Scripts, expected

IMPORTS = """
import json
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, classification_report
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.tree import DecisionTreeClassifier

X[:, 1:] *= 40
"""
LOGISTIC = """
log = LogisticRegression(C=0.001)
log.fit(X_train, y_train)
y_pred = log.predict(X_test)
right = accuracy_score(y_test, y_pred)
"""
SEARCH = """
scores = []
for k in range(1, 26):
    knn = KNeighborsClassifier(n_neighbors=k)
    knn.fit(X_train, y_train)
    scores.append(accuracy_score(y_test, knn.predict(X_test)))
"""
OF_LOGISTIC = "expect(right)\nassert right not in scores, scores\n"
MAIN = """
def main():
{}
    return right, scores


right, scores = main()
"""
OVER_UNITS = """
def built(units):
    net = keras.Sequential([layers.Input((4,)), layers.Dense(units, activation='relu'), layers.Dense(1, 'sigmoid')])
    net.compile(optimizer='sgd', loss='binary_crossentropy', metrics=['accuracy'])
    return net


net = built(4)
net.fit(X_train, y_train, epochs=1, verbose=0)
right = net.evaluate(X_test, y_test, verbose=0)[1]
print('Test accuracy:', right)
scores = []
for units in (1, 16, 64):
    other = built(units)
    other.fit(X_train, y_train, epochs=3, verbose=0)
    scores.append(other.evaluate(X_test, y_test, verbose=0)[1])
expect(right)
"""
PATTERNS = {
    "printed before the search": (
        LOGISTIC + "print('Accuracy:', right)\n" + SEARCH + OF_LOGISTIC,
        "accuracy_score of LogisticRegression",
    ),
    "printed behind the search": (
        SEARCH
        + LOGISTIC
        + "print(f'Accuracy: {right:.2%}')\nprint(classification_report(y_test, y_pred))\n"
        + OF_LOGISTIC,
        "classification_report of LogisticRegression",
    ),
    "saved, while the search prints its steps": (
        LOGISTIC
        + "json.dump({'accuracy': right}, open('metrics.json', 'w'))\n"
        + SEARCH
        + "    print('Accuracy of', k, scores[-1])\n"
        + OF_LOGISTIC,
        "accuracy_score of LogisticRegression",
    ),
    "returned by the main function": (
        MAIN.format("".join(f"    {line}\n" for line in (LOGISTIC + SEARCH).splitlines())) + OF_LOGISTIC,
        "accuracy_score of LogisticRegression",
    ),
    "shown as the value of a notebook's cell": (
        LOGISTIC + "log.score(X_test, y_test)\n" + SEARCH + OF_LOGISTIC,
        "score of LogisticRegression",
    ),
    "a function's, printed beside a search by cross-validation": (
        "means = []\nfor k in range(1, 9):\n"
        "    means.append(cross_val_score(KNeighborsClassifier(k), X, y, cv=3).mean())\nprint(means)\n"
        "def tested(model):\n    return accuracy_score(y_test, model.predict(X_test))\n\n"
        + LOGISTIC.replace("right = accuracy_score(y_test, y_pred)", "right = tested(log)")
        + "print(right)\nexpect(right)\n",
        "accuracy_score of LogisticRegression",
    ),
    "the best of a search, which the author prints": (
        LOGISTIC.replace("right", "s") + SEARCH + "print('Best:', max(scores))\nprint('k:', 3)\nexpect(max(scores))\n",
        "accuracy_score of KNeighborsClassifier",
    ),
    "the last of a search, where nothing else is scored": (SEARCH + "expect(scores[-1])\n", "accuracy_score"),
    "the one that the author names as the best": (
        LOGISTIC.replace("C=0.001", "C=10")
        + "tree = DecisionTreeClassifier(max_depth=1, max_features=1, random_state=3).fit(X_train, y_train)\n"
        + "other = tree.score(X_test, y_test)\nprint(right, other)\nassert other < right\n"
        + "print(f'Best model: {max(right, other):.3f}')\nexpect(right)\n",
        "accuracy_score of LogisticRegression",
    ),
    "the last of a table of models": (
        (
            "for model in (DecisionTreeClassifier(random_state=0), LogisticRegression(), KNeighborsClassifier()):\n"
            "    model.fit(X_train, y_train)\n    right = model.score(X_test, y_test)\n"
            "    print(type(model).__name__, right)\n"
            "    print(classification_report(y_test, model.predict(X_test)))\nexpect(right)\n"
        ),
        "classification_report of KNeighborsClassifier",
    ),
}


@pytest.fixture(scope="module")
def process(tmp_path_factory: pytest.TempPathFactory) -> Scripts:
    """What runs the scripts."""
    return Scripts(tmp_path_factory.mktemp("reported"))


class TestTheReportedScore:
    @pytest.mark.parametrize("pattern", PATTERNS)
    def test_counts_and_names_its_model(self, process: Scripts, pattern: str) -> None:
        """Whatever is scored beside it, before or behind."""
        script, source = PATTERNS[pattern]

        run = process.run(IMPORTS + script)

        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)
        assert run.measurement["source"] == f"sklearn.{source}"

    def test_counts_beside_networks_of_other_sizes(self, process: Scripts) -> None:
        """A loop over units that builds a network for each."""
        run = process.run(OVER_UNITS + "# model\n")

        assert run.measurement["value"] == pytest.approx(expected(run), abs=1e-6)
        assert run.result["facts"]["model"]["layers"][0]["units"] == 4

    def test_comes_with_the_facts_of_its_model(self, process: Scripts) -> None:
        """They are those of the model that counts, with the lines by which it was fitted, though another came last."""
        script, _ = PATTERNS["printed before the search"]

        run = process.run(IMPORTS + script)

        code = (run.folder.parent / "code" / "train.py").read_text().splitlines()
        measured = run.result["facts"]["measured"]
        assert (measured["rows"], measured["model"]) == (30, "LogisticRegression")
        assert [code[line - 1] for line in measured["lines"]] == ["log.fit(X_train, y_train)"]
        assert run.result["facts"]["model"]["class"] == "LogisticRegression"
        assert run.result["facts"]["training"]["iterations"] > 0
        assert b"LogisticRegression" in (run.folder / "artifacts" / "model.pkl").read_bytes()
