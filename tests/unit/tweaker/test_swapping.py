"""An estimator that takes another one's place is repeatable, and nothing around it says anything false."""

import pytest

from services.tweaker.search.candidates import Editor
from services.tweaker.search.plan import Step
from tests.unit.tweaker.editing import MAIN, edited, edited_files, same_measure
from tests.unit.tweaker.scikit_scripts import AMOUNTS, NAMED

FOREST, LINE = "RandomForestClassifier", "LogisticRegression"
NAMES = NAMED.decode()
RIDGE = Step("swap_estimator", "Ridge", "ridge regression", "It is too simple")
TREE = """\
import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.tree import DecisionTreeClassifier
from data import X, y

{}
X_train, X_test, y_train, y_test = train_test_split(X, y{})
model = DecisionTreeClassifier({})
print(model.fit(X_train, y_train).score(X_test, y_test))
"""


@pytest.mark.parametrize(
    ("above", "split", "own", "seed"),
    [
        ("", ", random_state=7", "random_state=1", "1"),
        ("np.random.seed(4)", ", random_state=7", "", "7"),
        ("SEED = 5", ", random_state=SEED", "random_state=None", "SEED"),
        ("np.random.seed(4)", "", "", "4"),
        ("", "", "", "0"),
    ],
    ids=["the old one's", "the split's", "a constant", "numpy's", "none in the script"],
)
def test_has_a_seed(above: str, split: str, own: str, seed: str) -> None:
    """A forest that draws takes the seed that is there, so that what is delivered can be trained again."""
    before = TREE.format(above, split, own)

    after = edited("swap_estimator", FOREST, before).decode()

    assert f"RandomForestClassifier(random_state={seed}, n_estimators=200)" in after
    assert same_measure(before, after)


def test_has_no_seed_that_would_mean_nothing() -> None:
    """Logistic regression draws nothing."""
    assert b"LogisticRegression(max_iter=1000)" in edited("swap_estimator", LINE, TREE.format("", "", ""))


def test_the_guard_takes_no_other_seed() -> None:
    """A seed that is neither the script's nor 0 may have been chosen for its luck, and none that is there changes."""
    before = TREE.format("", ", random_state=7", "")

    assert same_measure(before, before.replace("Classifier()", "Classifier(random_state=7)"))
    assert not same_measure(before, before.replace("Classifier()", "Classifier(random_state=8)"))
    seeded = TREE.format("", ", random_state=7", "random_state=1")
    assert not same_measure(seeded, seeded.replace("random_state=1", "random_state=0"))


@pytest.mark.parametrize(
    "source",
    [
        f"{NAMES}__all__ = ['knn']\n",
        f"{NAMES}knn = None\n",
        f"{NAMES}def score():\n    knn = 3\n    return knn\n",
        NAMES.replace("knn = ", "class Models:\n    knn = "),
    ],
    ids=["exported", "assigned twice", "another one of that name", "an attribute"],
)
def test_leaves_a_name_that_may_be_known_elsewhere(source: str) -> None:
    """Another name is given only where all its uses are seen."""
    after = edited("swap_estimator", FOREST, source)

    assert b"knn = RandomForestClassifier(" in after


def test_leaves_a_name_that_another_module_imports() -> None:
    """What other files read keeps its name."""
    files = {MAIN: NAMED, "report.py": b"from main import knn\n"}

    assert b"knn = RandomForestClassifier(" in edited_files("swap_estimator", FOREST, files)[MAIN]


def test_takes_a_name_that_is_free() -> None:
    """A variable of the author's is not overwritten."""
    after = edited("swap_estimator", FOREST, NAMES.replace("X, y = load", "forest = 1\nX, y = load"))

    assert b"forest_2 = RandomForestClassifier(" in after


def test_the_guard_allows_another_name_only_in_every_place() -> None:
    """A variable under another name everywhere is the same program; half of its uses, or one for two, is not."""
    renamed = NAMES.replace("knn_pred", "forest_pred")

    assert same_measure(NAMES, renamed)
    assert not same_measure(NAMES, NAMES.replace("knn_pred = knn", "forest_pred = knn"))
    assert not same_measure(
        NAMES, renamed.replace("accuracy_score(y_test, forest_pred)", "accuracy_score(y_test, y_test)")
    )
    assert not same_measure(NAMES, NAMES.replace("X_test, y_train, y_test", "X_train, y_train, y_test"))
    files = {MAIN: NAMED, "report.py": b"from main import knn_pred\n"}
    assert not same_measure(files, {**files, MAIN: renamed.encode()})


def test_says_what_is_printed_still() -> None:
    """A label is part of what reports: it stays, and the tweak says so."""
    editor = Editor({"train.py": NAMED}, "train.py")
    step = Step("swap_estimator", FOREST, "a forest", "It is too simple")

    made = editor.apply((step,))

    assert made is not None
    (tweak,) = made.tweaks
    told = 'What is printed still names the KNeighborsClassifier: "KNN accuracy:".'
    assert tweak.reason == f"It is too simple; a forest. {told}"
    assert Step.again(tweak) == step


def test_replaces_a_step_that_predicts_amounts() -> None:
    """The pipeline stays as it is but for the step, whose name would say something false."""
    line = "clf = Pipeline([('scale', StandardScaler()), ('{}', {})])"
    source = AMOUNTS.decode().replace("lr.", "clf.")
    before = source.replace(
        "lr = linear_model.LinearRegression(n_jobs=2)", line.format("lr", "linear_model.LinearRegression()")
    )

    after = edited("swap_estimator", "Ridge", before).decode()

    assert line.format("ridge", "linear_model.Ridge()") in after
    assert same_measure(before, after)


def test_says_that_a_regression_is_printed_still() -> None:
    """Words that people use for the class count too."""
    made = Editor({"train.py": AMOUNTS}, "train.py").apply((RIDGE,))

    assert made is not None
    assert made.tweaks[0].reason.endswith('What is printed still names the LinearRegression: "Linear regression, R2:".')


def test_brings_a_scaler_where_it_is_asked_to() -> None:
    """A linear model in the place of a tree sees standardized columns, fitted on the training part only."""
    before = TREE.format("", "", "")

    after = edited("swap_estimator", f"StandardScaler + {LINE}", before).decode()

    assert "model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))" in after
    assert same_measure(before, after)
