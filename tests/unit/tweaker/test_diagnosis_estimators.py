"""Each rule about estimators fires on its evidence, and is silent on what only looks like it."""

import dataclasses

import pytest

from services.tweaker.diagnosis.case import Case
from tests.unit.tweaker.builders import UNSCALED
from tests.unit.tweaker.diagnosing import an_estimator, confidence, sentence

EVEN = {"rows": 700, "shape": [4], "unscaled": False, "columns": [{"std": 1.0}] * 4, "overall": {"std": 1.0}}
SMALL = {**EVEN, "columns": [{"std": 0.05}] * 4}
UNEVEN = {**EVEN, "columns": [{"std": 0.4}, {"std": 3.0}]}
POINT = {"min": 0.0, "max": 16.0, "mean": 5.0, "std": 6.0}
POINTS = {"rows": 700, "shape": [64], "unscaled": True, "columns": [POINT] * 64, "overall": POINT}
RARE = {"classes": 2, "counts": [600, 100], "encoding": "integer"}
FOREST, TREE, BOOST = "RandomForestClassifier", "DecisionTreeClassifier", "GradientBoostingClassifier"

INPUTS = [
    pytest.param("unscaled_inputs", an_estimator(inputs=UNSCALED), an_estimator(inputs=EVEN), id="a table as it is"),
    pytest.param(
        "unscaled_inputs", an_estimator("SVC", inputs=UNSCALED), an_estimator(FOREST, inputs=UNSCALED), id="trees"
    ),
    pytest.param(
        "unscaled_inputs",
        an_estimator("Pipeline", steps=["PCA", "SVC"], inputs=UNSCALED),
        an_estimator("Pipeline", steps=["PCA", FOREST], inputs=UNSCALED),
        id="the last step of a pipeline decides",
    ),
    pytest.param(
        "unscaled_inputs",
        an_estimator("KNeighborsClassifier", inputs=UNEVEN),
        an_estimator("LogisticRegression", inputs=UNEVEN),
        id="uneven columns, which distances mind",
    ),
    pytest.param(
        "unscaled_inputs",
        an_estimator("LogisticRegression", inputs=POINTS),
        an_estimator("KNeighborsClassifier", inputs=POINTS),
        id="points of a picture are of one unit",
    ),
    pytest.param(
        "unscaled_inputs",
        an_estimator("Pipeline", steps=["PCA", "LogisticRegression"], inputs=UNSCALED),
        an_estimator("Pipeline", steps=["PCA", "LogisticRegression"], inputs=POINTS),
        id="points of which the widest directions are kept",
    ),
    pytest.param(
        "few_rows",
        an_estimator(inputs={**EVEN, "rows": 30}),
        an_estimator(inputs={**EVEN, "rows": 60}),
        id="thirty rows",
    ),
    pytest.param(
        "repeated_rows",
        an_estimator(inputs={**EVEN, "repeated": 0.96}),
        an_estimator(inputs={**EVEN, "repeated": 0.1}),
        id="each row many times",
    ),
    pytest.param(
        "label_among_inputs",
        an_estimator(inputs={**EVEN, "label_column": 0}),
        an_estimator(inputs=EVEN),
        id="a column that is the label",
    ),
    pytest.param(
        "too_few_components",
        an_estimator(inputs=POINTS, components=5),
        an_estimator(inputs=POINTS, components=20),
        id="five of sixty-four columns",
    ),
    pytest.param(
        "unscaled_inputs",
        an_estimator("SVC", inputs=UNSCALED, gamma=0.1),
        an_estimator("SVC", inputs=POINTS, gamma=0.1),
        id="and its gamma is what a kernel minds",
    ),
]
SETTINGS = [
    pytest.param("too_few_neighbours", an_estimator(neighbours=1), an_estimator(neighbours=3), id="one neighbour"),
    pytest.param(
        "too_many_neighbours", an_estimator(neighbours=60), an_estimator(neighbours=15), id="sixty neighbours"
    ),
    pytest.param("not_converged", an_estimator(training={"converged": False}), an_estimator(), id="not converged"),
    pytest.param("not_converged", an_estimator(iterations=5), an_estimator(iterations=100), id="five iterations"),
    pytest.param(
        "mlp_learning_rate_too_low",
        an_estimator("MLPClassifier", learning_rate=0.001, solver="sgd"),
        an_estimator("MLPClassifier", learning_rate=0.001, solver="adam"),
        id="slow for plain descent",
    ),
    pytest.param(
        "mlp_learning_rate_too_high",
        an_estimator("MLPClassifier", learning_rate=0.1, solver="adam"),
        an_estimator("MLPClassifier", learning_rate=0.1, solver="sgd"),
        id="too fast for Adam",
    ),
    pytest.param(
        "boosting_learning_rate_too_high",
        an_estimator(BOOST, learning_rate=10.0),
        an_estimator(BOOST, learning_rate=0.3),
        id="rounds that overshoot",
    ),
    pytest.param(
        "too_few_trees", an_estimator(FOREST, estimators=5), an_estimator(FOREST, estimators=50), id="five trees"
    ),
    pytest.param(
        "too_few_trees",
        an_estimator("XGBClassifier", library="xgboost", estimators=4),
        an_estimator("XGBClassifier", library="xgboost", estimators=4, reached=0.95),
        id="four rounds, which are enough where they fit",
    ),
    pytest.param(
        "boosting_learning_rate_too_low",
        an_estimator(BOOST, learning_rate=0.01),
        an_estimator("MLPClassifier", learning_rate=0.001),
        id="a rate of boosting, not of a network",
    ),
    pytest.param("trees_too_shallow", an_estimator(FOREST, depth=2), an_estimator(FOREST, depth=None), id="two levels"),
    pytest.param("trees_too_shallow", an_estimator(BOOST, depth=1), an_estimator(BOOST, depth=3), id="stumps"),
    pytest.param(
        "trees_too_shallow", an_estimator(FOREST, depth=5), an_estimator(FOREST, depth=5, reached=None), id="as is seen"
    ),
    pytest.param("too_few_leaves", an_estimator(TREE, leaves=2), an_estimator(TREE, leaves=16), id="two leaves"),
    pytest.param("leaves_too_large", an_estimator(TREE, leaf=60), an_estimator(TREE, leaf=5), id="sixty rows a leaf"),
    pytest.param(
        "leaves_too_large",
        an_estimator(TREE, leaf=20, labels=RARE),
        an_estimator(BOOST, leaf=20, labels=RARE),
        id="a fifth of the rarest class, which boosting can do with",
    ),
    pytest.param("trees_overfit", an_estimator(TREE, reached=1.0), an_estimator(TREE), id="known by heart"),
    pytest.param(
        "gamma_out_of_range",
        an_estimator(inputs=POINTS, gamma="auto", scale_inputs=None),
        an_estimator(inputs=POINTS, gamma=0.001, scale_inputs=None),
        id="one by columns alone, for points of a picture",
    ),
    pytest.param(
        "penalty_too_strong",
        an_estimator("Ridge", inputs=SMALL, alpha=5.0),
        an_estimator("Ridge", inputs=EVEN, alpha=5.0),
        id="a mild penalty, but on small values",
    ),
    pytest.param(
        "penalty_too_strong",
        an_estimator("MultinomialNB", alpha=100.0),
        an_estimator("MultinomialNB", alpha=1.0),
        id="a hundred of each word that was not seen",
    ),
    pytest.param("single_tree", an_estimator(TREE), an_estimator(FOREST), id="one tree"),
    pytest.param("penalty_too_strong", an_estimator(C=1e-5), an_estimator(C=0.1), id="a tiny C"),
    pytest.param("penalty_too_weak", an_estimator(C=1e6, reached=1.0), an_estimator(C=1e6), id="a huge C"),
    pytest.param(
        "penalty_too_strong",
        an_estimator("MLPClassifier", alpha=10.0),
        an_estimator("RidgeClassifier", alpha=10.0),
        id="alpha is another for each",
    ),
    pytest.param(
        "gamma_out_of_range",
        an_estimator(inputs=EVEN, gamma=10.0),
        an_estimator(inputs=EVEN, gamma=1.0),
        id="short reach",
    ),
    pytest.param(
        "gamma_out_of_range",
        an_estimator(inputs=EVEN, gamma=0.001),
        an_estimator(inputs=EVEN, gamma="auto"),
        id="wide reach, or one that is fitted",
    ),
    pytest.param(
        "gamma_out_of_range",
        an_estimator(inputs={**EVEN, "unscaled": True, "overall": {"std": 100.0}}, gamma=10.0, scale_inputs=None),
        an_estimator(inputs={**EVEN, "unscaled": True, "overall": {"std": 100.0}}, gamma=0.25, scale_inputs=None),
        id="as it will be once they are scaled",
    ),
    pytest.param(
        "unsuitable_kernel",
        an_estimator(kernel="linear"),
        an_estimator(kernel="linear", reached=0.95),
        id="straight lines",
    ),
    pytest.param(
        "unsuitable_kernel", an_estimator(kernel="sigmoid"), an_estimator(kernel="rbf"), id="a sigmoid kernel"
    ),
    pytest.param(
        "estimator_too_simple",
        an_estimator("LogisticRegression"),
        an_estimator("LogisticRegression", reached=0.89),
        id="straight lines do not do, or nearly do",
    ),
    pytest.param(
        "estimator_too_simple", an_estimator("GaussianNB"), an_estimator("SVC"), id="what has no other setting"
    ),
    pytest.param(
        "bottleneck",
        an_estimator("MLPClassifier", hidden_units=(3,)),
        an_estimator("MLPClassifier", hidden_units=(100,)),
        id="three hidden units",
    ),
]


@pytest.mark.parametrize(("name", "wrong", "sound"), [*INPUTS, *SETTINGS])
def test_is_found_on_its_evidence_only(name: str, wrong: Case, sound: Case) -> None:
    """What is wrong is found, and the near miss is left in peace."""
    assert confidence(name, wrong) >= 0.5
    assert confidence(name, sound) == 0


@pytest.mark.parametrize(
    ("name", "case", "words"),
    [
        (
            "not_converged",
            an_estimator(iterations=5),
            "The solver stopped after 5 iterations, before it converged",
        ),
        (
            "trees_too_shallow",
            an_estimator(FOREST, depth=5),
            "Trees of 5 levels do no better than 70.0% on their own training data",
        ),
        ("gamma_out_of_range", an_estimator(inputs=EVEN, gamma=10.0), "(0.25 would be usual)"),
        (
            "estimator_too_simple",
            an_estimator("GaussianNB"),
            "GaussianNB does no better than 70.0% on its own training data",
        ),
    ],
)
def test_says_it_with_its_figures(name: str, case: Case, words: str) -> None:
    """A person sees what it was found from."""
    assert words in sentence(name, case)


def test_does_not_swap_what_has_not_converged() -> None:
    """It may fit once it has."""
    assert confidence("estimator_too_simple", an_estimator("LogisticRegression", training={"converged": False})) == 0


def test_leaves_alone_what_measures_no_classes() -> None:
    """An error of amounts says nothing about whether an estimator fits."""
    case = dataclasses.replace(an_estimator("Ridge"), value=None, threshold=None, metric="mse")

    assert confidence("estimator_too_simple", case) == 0
