"""The estimator that is edited is the one whose score counts; loops over settings are the author's own search."""

from pathlib import Path

import pytest

from services.tweaker.search.candidates import Editor
from services.tweaker.search.decide import decide
from services.tweaker.search.plan import Step
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Counted
from tests.unit.trainprobe.patterns import DATA
from tests.unit.trainprobe.probing import Trial as Probed
from tests.unit.tweaker.builders import a_trial
from tests.unit.tweaker.editing import edited
from trainyard.policy import Policy
from trainyard.trial import Setting

IMPORTS = """\
from sklearn.ensemble import RandomForestClassifier, VotingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
"""
LOGISTIC = """\
log = LogisticRegression(C=0.001)
log.fit(X_train, y_train)
print("Accuracy:", accuracy_score(y_test, log.predict(X_test)))
"""
SEARCH = """\
scores = []
for k in range(1, 26):
    knn = KNeighborsClassifier(n_neighbors=k)
    knn.fit(X_train, y_train)
    scores.append(accuracy_score(y_test, knn.predict(X_test)))
plt.plot(range(1, 26), scores)
"""
KERAS = """\
from keras import Sequential, layers
"""
OWN = "the loop over {} in line {} is the author's own search"
SWAP = ("swap_estimator", "RandomForestClassifier")
SCALE = ("scale_inputs", None)


def lines_of(script: str, *texts: str) -> tuple[int, ...]:
    """Return the numbers of the lines that begin with each of the texts."""
    lines = [line.strip() for line in script.splitlines()]
    return tuple(next(n for n, line in enumerate(lines, 1) if line.startswith(text)) for text in texts)


def made(script: str, model: str, *fitted: str, steps: tuple[tuple[str, Setting], ...]) -> tuple[str, dict[str, str]]:
    """Return the script after the edits, and why the others left it alone, where lines beginning so fitted *model*."""
    counted = Counted(model, lines_of(script, *fitted)) if model else Counted()
    editor = Editor({"train.py": script.encode()}, "train.py", None, counted)
    candidate = editor.apply(tuple(Step(edit, setting, "so", "Why") for edit, setting in steps))
    return (candidate.files["train.py"].decode() if candidate else script), editor.left_alone


@pytest.mark.parametrize("script", [LOGISTIC + SEARCH, SEARCH + LOGISTIC], ids=["before the search", "behind it"])
def test_edits_the_estimator_whose_score_counts(script: str) -> None:
    """The author's loop stays as it is, whatever is changed of the model that the author reports."""
    source = IMPORTS + script

    after, _ = made(source, "LogisticRegression", "log.fit", steps=(SCALE, ("C", 1.0)))
    swapped, _ = made(source, "LogisticRegression", "log.fit", steps=(SWAP,))

    assert "log = make_pipeline(StandardScaler(), LogisticRegression(C=1.0))\n" in after
    assert "log = RandomForestClassifier(random_state=0, n_estimators=200)\n" in swapped
    assert SEARCH in after
    assert SEARCH in swapped


def test_the_first_trial_changes_what_the_author_reports(tmp_path: Path) -> None:
    """From the run of the script to the next trial's code: the reported model is diagnosed and edited."""
    script = DATA + "X[:, 1:] *= 40\n" + IMPORTS + LOGISTIC + SEARCH.replace("plt.plot", "print")
    run = Probed(tmp_path / "trial", {"train.py": script}).run()
    trial = a_trial(value=run.measurement["value"], known=run.result["facts"])

    decision = decide([trial], {1: {"train.py": script.encode()}}, Policy(threshold=0.99))

    assert run.measurement["source"] == "sklearn.accuracy_score of LogisticRegression"
    assert decision.candidate is not None
    after = decision.candidate.files["train.py"].decode()
    assert "log = LogisticRegression(C=0.001)\n" not in after
    assert SEARCH.replace("plt.plot", "print") in after


def test_scales_what_is_searched_where_that_counts() -> None:
    """The loop keeps its meaning: its variable still sets the neighbours; nothing else of it changes."""
    source = IMPORTS + SEARCH + 'print("Best:", max(scores))\n'
    edits = (("neighbours", 5), ("weights", "distance"), SWAP)

    after, _ = made(source, "KNeighborsClassifier", "knn.fit", steps=(SCALE,))
    same, why = made(source, "KNeighborsClassifier", "knn.fit", steps=edits)

    assert "    knn = make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=k))\n" in after
    assert same == source
    assert {why[name] for name, _ in edits} == {OWN.format("k", 7)}


@pytest.mark.parametrize(
    ("loop", "name", "line"),
    [
        pytest.param(
            "scores = [KNeighborsClassifier(k).fit(X, y).score(A, b) for k in range(1, 9)]\n",
            "k",
            1,
            id="comprehension",
        ),
        pytest.param(
            "def tested(count):\n    return KNeighborsClassifier(count).fit(X, y).score(A, b)\n\n"
            "for k in (1, 2):\n    scores.append(tested(k))\n",
            "k",
            4,
            id="a function that is called in it",
        ),
        pytest.param(
            "for i, k in enumerate(ks):\n    count = 2 * k + 1\n    m = KNeighborsClassifier(n_neighbors=count)\n"
            "    m.fit(X, y)\n    scores[i] = m.score(A, b)\n",
            "k",
            1,
            id="worked out from its variable",
        ),
        pytest.param(
            "k = 1\nwhile k < 9:\n    m = KNeighborsClassifier(k)\n    m.fit(X, y)\n    s.append(m.score(A, b))\n"
            "    k += 2\n",
            "k",
            6,
            id="counted up",
        ),
        pytest.param(
            "m = KNeighborsClassifier()\nfor k in (1, 2):\n    m.set_params(n_neighbors=k)\n    m.fit(X, y)\n"
            "    s.append(m.score(A, b))\n",
            "k",
            2,
            id="set later",
        ),
        pytest.param(
            "for p in ParameterGrid(grid):\n    m = KNeighborsClassifier(**p)\n    m.fit(X, y)\n    m.score(A, b)\n",
            "p",
            1,
            id="a grid by hand",
        ),
    ],
)
def test_a_search_is_left_alone(loop: str, name: str, line: int) -> None:
    """Also where it is not known which model was measured."""
    with pytest.raises(NotUnderstoodError, match=OWN.format(name, line + IMPORTS.count("\n"))):
        edited("weights", "distance", IMPORTS + loop)


@pytest.mark.parametrize(
    "loop",
    [
        pytest.param("for i in range(9):\n    m = {}\n    m.fit(X, y)\n    m.score(A, b)\n", id="no setting"),
        pytest.param(
            "for seed in (1, 2):\n    m = {}\n    m.fit(X, y)\n    print(seed, m.score(A, b))\n".replace(
                "{}", "RandomForestClassifier(2, random_state=seed)"
            ),
            id="a seed",
        ),
        pytest.param(
            "for rows, others in KFold(5).split(X):\n    m = {}\n    m.fit(X[rows], y[rows])\n    m.score(X[others])\n",
            id="folds",
        ),
    ],
)
def test_a_loop_that_tries_no_settings_is_no_search(loop: str) -> None:
    """Repetitions, seeds and folds measure one model."""
    script = IMPORTS + loop.format("RandomForestClassifier(2)")

    assert edited("depth", 3, script) != script.encode()


def test_a_loop_over_models_is_no_search() -> None:
    """Of a table of models the one is edited whose score counts, though a loop fits them all by one line."""
    source = IMPORTS + (
        "models = {'svm': SVC(C=0.01), 'log': LogisticRegression(C=0.01)}\n"
        "for name, model in models.items():\n    model.fit(X, y)\n    print(name, model.score(A, b))\n"
    )

    after, _ = made(source, "LogisticRegression", "model.fit", steps=(("C", 1.0), SCALE))

    assert "{'svm': SVC(C=0.01), 'log': make_pipeline(StandardScaler(), LogisticRegression(C=1.0))}" in after


@pytest.mark.parametrize(
    ("script", "fitted"),
    [
        ("a = SVC(C=1)\na.fit(X, y)\nb = SVC(C=2)\nb.fit(X, y)\nprint(a.score(A, b))\n", ("a.fit",)),
        ("def run(m):\n    m.fit(X, y)\n\nrun(SVC(C=1))\nrun(SVC(C=2))\n", ("m.fit", "run(SVC(C=1))")),
        ("a, b = 1, 2\nb = SVC(C=2).fit(X, y)\na = SVC(C=1).fit(\n    X, y)\nprint(b.score(A, B))\n", ("a = SVC",)),
    ],
    ids=["a name", "an argument", "a chain"],
)
def test_the_lines_that_fitted_it_tell_two_of_a_class_apart(script: str, fitted: tuple[str, ...]) -> None:
    """By what is fitted there, or passed on there to the function that fits; also behind another edit."""
    after, _ = made(IMPORTS + script, "SVC", *fitted, steps=(SCALE, ("C", 10)))

    assert after.count("C=10") == 1
    assert "C=1)" not in after
    assert "SVC(C=2)" in after


def test_leaves_all_alone_where_it_cannot_be_known() -> None:
    """Two of one class that one line fits; the reason names the line."""
    source = IMPORTS + "for m in (SVC(C=1), SVC(C=2)):\n    m.fit(X, y)\n    print(m.score(A, b))\n"

    same, why = made(source, "SVC", "m.fit", steps=(("C", 10), SWAP, SCALE))

    assert same == source
    reason = "it is not certain where the SVC, which line 7 fits, is created that is measured"
    assert [reason in each for each in why.values()] == [True] * 3


def test_another_estimator_is_not_scaled_for_it() -> None:
    """To scale the inputs of what does not count is no use; what a vote is made of is scaled."""
    forest = "f = RandomForestClassifier()\nf.fit(X, y)\nk = SVC()\nk.fit(X, y)\n"
    vote = "k = SVC()\nv = VotingClassifier([('k', k)])\nv.fit(X, y)\nlog = LogisticRegression()\nlog.fit(X, y)\n"

    _, why = made(IMPORTS + forest, "RandomForestClassifier", "f.fit", steps=(SCALE,))
    after, _ = made(IMPORTS + vote, "VotingClassifier", "v.fit", steps=(SCALE,))

    assert "the measured RandomForestClassifier is not sensitive to the scale of its inputs" in why["scale_inputs"]
    assert "k = make_pipeline(StandardScaler(), SVC())" in after
    assert "log = LogisticRegression()\n" in after


def test_a_network_is_left_alone_beside_the_estimator_that_counts() -> None:
    """What is scored is the estimator: it is edited, though a network is trained in epochs too."""
    network = "net = Sequential([layers.Dense(8), layers.Dense(1)])\nnet.compile('sgd')\nnet.fit(X, y, epochs=5)\n"
    source = IMPORTS + KERAS + LOGISTIC + network

    after, why = made(source, "LogisticRegression", "log.fit", steps=(("epochs", 50), ("C", 1.0)))

    assert after == source.replace("C=0.001", "C=1.0")
    assert "the measured LogisticRegression is no network" in why["epochs"]


@pytest.mark.parametrize(
    ("script", "name", "line"),
    [
        pytest.param(
            "for units in (8, 16):\n    net = Sequential([layers.Dense(units), layers.Dense(1)])\n"
            "    net.compile('sgd', 'mse')\n    net.fit(X, y, epochs=5)\n",
            "units",
            2,
            id="units",
        ),
        pytest.param(
            "def built(rate):\n    net = Sequential([layers.Dense(8), layers.Dense(1)])\n"
            "    net.compile(SGD(rate), 'mse')\n    return net\n\n"
            "for rate in (0.1, 0.01):\n    net = built(rate)\n    net.fit(X, y, epochs=5)\n",
            "rate",
            7,
            id="rates, by a function",
        ),
    ],
)
@pytest.mark.parametrize(("edit", "setting"), [("epochs", 50), ("units", 64), ("dropout", 0.2), ("batch_size", 8)])
def test_a_search_by_networks_is_left_alone(edit: str, setting: Setting, script: str, name: str, line: int) -> None:
    """A network is built for each value of a setting."""
    with pytest.raises(NotUnderstoodError, match=OWN.format(name, line)):
        edited(edit, setting, KERAS + script)


def test_networks_of_folds_are_no_search() -> None:
    """The rows of a fold are no setting, also where the shape of the inputs is taken from them."""
    script = KERAS + (
        "for rows, _ in folds.split(X):\n    net = Sequential([layers.Input(X[rows].shape[1:]), layers.Dense(1)])\n"
        "    net.compile('sgd', 'mse')\n    net.fit(X[rows], y[rows], epochs=5)\n"
    )

    assert b"epochs=50" in edited("epochs", 50, script)
