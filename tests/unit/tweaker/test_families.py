"""What the screening of other families leads to: another family, scaled inputs, or an honest end."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from services.tweaker.diagnosis.case import Case, case_of
from services.tweaker.rules import SURE, diagnose, remedies
from services.tweaker.search.strategies.diagnosis import CERTAIN
from tests.unit.tweaker.builders import SCALED, TWO_CLASSES, UNSCALED, a_trial, facts
from tests.unit.tweaker.diagnosing import confidence, sentence
from trainyard.policy import Policy
from trainyard.trial import Measurement, Trial, Tweak

LINEAR, BOOSTING, NEAR = "LogisticRegression", "HistGradientBoostingClassifier", "KNeighborsClassifier"
Means = Mapping[tuple[str, bool], float]
"""By family, and whether its columns were standardized, the mean over folds."""
ALIKE: Means = {
    ("linear", True): 0.8,
    ("neighbours", True): 0.79,
    ("neighbours", False): 0.78,
    ("boosting", False): 0.8,
}


def screening(means: Means, metric: str = "accuracy", rows: int = 900, std: float = 0.01) -> dict[str, Any]:
    """Return the fact as the probe tells it."""
    models = [
        {"family": family, "standardized": scaled, "mean": mean, "std": std}
        for (family, scaled), mean in {**ALIKE, **means}.items()
    ]
    return {"metric": metric, "rows": rows, "models": models}


def a_case(
    kind: str = "DecisionTreeClassifier",
    means: Means | None = None,
    value: float = 0.8,
    *,
    metric: str = "accuracy",
    threshold: float = 0.95,
    inputs: Mapping[str, Any] = SCALED,
    labels: Mapping[str, Any] = TWO_CLASSES,
    later: Sequence[Trial] = (),
    **settings: Any,
) -> Case:
    """Return a job's first trial, whose estimator may be swapped."""
    screened = screening(means or {}, metric)
    known = facts(inputs, labels=labels, model=kind, layers=(), measured={"rows": 1000}, screening=screened)
    direction = "minimize" if metric == "mae" else "maximize"
    measured = Measurement(metric=metric, value=value, data="test", direction=direction)
    first = a_trial(known=known).model_copy(update={"measurement": measured})
    policy = Policy(threshold=threshold, metric=metric)
    return case_of(first, {"swap_estimator": kind, **settings}, {}, (first, *later), policy)


def a_change(number: int, value: float, edit: str, setting: str | int = 5) -> Trial:
    """Return a trial that changed one thing in the first one's code."""
    tweak = Tweak(name=edit, setting=setting, reason="why", diff="")
    known = {"measured": {"rows": 1000}}
    return a_trial(number, value=value, known=known, base=1).model_copy(update={"tweaks": (tweak,)})


def swaps(case: Case) -> list[object]:
    """Return the estimators that the finding asks for, the first choice first."""
    return [remedy.setting for remedy in remedies("better_family", case)]


class TestUnrelatedLabels:
    AT_CHANCE: Means = dict.fromkeys(ALIKE, 0.51)

    def test_are_no_better_predicted_than_by_a_constant(self) -> None:
        """As where the labels were shifted against their rows: no model is to blame, and none is exchanged."""
        case = a_case(means=self.AT_CHANCE, value=0.5, labels={**TWO_CLASSES, "counts": [350, 350]})

        assert confidence("unrelated_labels", case) >= SURE
        told = "the best of 4 models reaches 0.51 in 3-fold cross-validation on the training rows, a constant 0.5"
        assert told in sentence("unrelated_labels", case)
        assert remedies("unrelated_labels", case) == ()

    def test_are_not_suspected_of_rare_classes(self) -> None:
        """Where nearly all rows are of one class, models that do no better show little."""
        rare = {"classes": 2, "counts": [630, 70], "encoding": "binary"}

        assert confidence("unrelated_labels", a_case(means=dict.fromkeys(ALIKE, 0.9), labels=rare)) == 0
        assert confidence("unrelated_labels", a_case()) == 0


class TestBetterFamily:
    def test_names_both_numbers(self) -> None:
        """What the other family reaches, and what the author's does."""
        case = a_case(means={("boosting", False): 0.97})

        assert confidence("better_family", case) >= SURE
        told = "Histogram gradient boosting reaches 0.97 in 3-fold cross-validation on the training rows"
        assert sentence("better_family", case) == f"{told}, the DecisionTreeClassifier only 0.8"
        assert swaps(case)[0] == BOOSTING

    def test_says_that_a_linear_model_is_enough(self) -> None:
        """It is chosen where none is better beyond noise, since it is the simplest."""
        case = a_case("RandomForestClassifier", {("linear", False): 0.96, ("boosting", False): 0.965})

        assert sentence("better_family", case).startswith("A linear model is enough: logistic regression reaches 0.96")
        assert swaps(case)[0] == LINEAR

    @pytest.mark.parametrize(
        ("kind", "plain", "first"),
        [
            ("DecisionTreeClassifier", 0.7, f"StandardScaler + {NEAR}"),
            ("DecisionTreeClassifier", 0.968, NEAR),
            ("SVC", 0.7, NEAR),
        ],
        ids=["a scaler of its own", "needless", "scaled already or by its own edit"],
    )
    def test_brings_the_scaler_that_the_family_was_screened_with(self, kind: str, plain: float, first: str) -> None:
        """Where it matters, and where no other edit can give it one, as beside a tree."""
        settings: dict[str, Any] = {"scale_inputs": None} if kind == "SVC" else {}

        assert swaps(a_case(kind, {("neighbours", True): 0.97, ("neighbours", False): plain}, **settings))[0] == first

    def test_is_less_sure_below_the_threshold(self) -> None:
        """It is a step, after what is surely wrong."""
        assert 0.5 < confidence("better_family", a_case(means={("boosting", False): 0.9})) < SURE

    @pytest.mark.parametrize(
        ("kind", "own", "grounds"),
        [("DecisionTreeClassifier", 0.7, "curves"), (NEAR, 0.95, "curves"), (NEAR, 0.85, "structure")],
        ids=["not screened", "may reach it", "cannot reach it"],
    )
    def test_waits_for_what_may_help_the_own_family(self, kind: str, own: float, grounds: str) -> None:
        """A stunted tree says little about trees, and neighbours that reach it on scaled columns need no more."""
        case = a_case(kind, {("boosting", False): 0.99, ("neighbours", True): own}, scale_inputs=None)

        assert {each.name: each.grounds for each in diagnose(case)}["better_family"] == grounds

    @pytest.mark.parametrize(
        "case",
        [
            a_case(),
            a_case(means={("boosting", False): 0.97}, value=0.96),
            a_case("HistGradientBoostingClassifier", {("boosting", False): 0.97}),
            a_case("KNeighborsClassifier", {("boosting", False): 0.97, ("neighbours", True): 0.97}, scale_inputs=None),
            a_case(means={("boosting", False): 0.97}, metric="f1_macro", value=0.96),
        ],
        ids=["no better", "passed", "its own family", "its own family, once it is scaled", "passed by another metric"],
    )
    def test_is_silent_where_no_family_is_better(self, case: Case) -> None:
        """Within noise, of the author's own family, or of one that another remedy helps."""
        assert confidence("better_family", case) == 0

    def test_is_silent_about_another_metric(self) -> None:
        """A share of right answers is no F1."""
        trial = a_trial(known=facts(screening=screening({("boosting", False): 0.99}, "balanced_accuracy")))

        assert confidence("better_family", case_of(trial, {}, {}, (trial,), Policy())) == 0

    def test_is_found_for_amounts(self) -> None:
        """Of an error less is better, and the remedy predicts amounts."""
        means = {("linear", True): 9.0, ("neighbours", True): 7.0, ("neighbours", False): 7.1, ("boosting", False): 2.5}
        case = a_case("LinearRegression", means, value=9.1, metric="mae", threshold=3.0)

        assert "reaches 2.5 in" in sentence("better_family", case)
        assert swaps(case)[0] == "HistGradientBoostingRegressor"


class TestScaleMatters:
    def test_is_seen_in_the_own_family(self) -> None:
        """Nearest neighbours with and without standardized columns."""
        means = {("neighbours", True): 0.94, ("neighbours", False): 0.71}
        case = a_case("KNeighborsClassifier", means, scale_inputs=None)

        assert confidence("scale_matters", case) >= CERTAIN
        told = "Scale matters: nearest neighbours reach 0.94 on standardized columns and 0.71 without"
        assert sentence("scale_matters", case) == told

    @pytest.mark.parametrize("kind", ["KNeighborsClassifier", "RandomForestClassifier"])
    def test_is_silent_within_noise_and_about_trees(self, kind: str) -> None:
        """Trees compare no columns."""
        means = {("neighbours", True): 0.94, ("neighbours", False): 0.935 if kind == "KNeighborsClassifier" else 0.7}

        assert confidence("scale_matters", a_case(kind, means, inputs=UNSCALED)) == 0


class TestCeiling:
    SWAPPED = a_change(2, 0.79, "swap_estimator", BOOSTING)

    def test_ends_the_search_where_trials_show_the_same(self) -> None:
        """Two of them, one with another estimator."""
        case = a_case(later=[self.SWAPPED, a_change(3, 0.8, "depth")])

        assert confidence("ceiling", case) >= CERTAIN
        told = "The ceiling is about 0.8: none of 4 models of 3 families exceeds 0.8 ± 0.027"
        assert sentence("ceiling", case).startswith(told)

    @pytest.mark.parametrize(
        "later",
        [
            [],
            [SWAPPED],
            [a_change(2, 0.8, "leaf"), a_change(3, 0.8, "depth")],
            [SWAPPED, a_change(3, 0.88, "depth")],
        ],
        ids=["no trial", "one", "the same estimator", "one is better"],
    )
    def test_is_not_sure_before(self, later: list[Trial]) -> None:
        """What is screened is simple: trials have to show it too. Until then another family is tried."""
        case = a_case(later=later)

        assert 0 < confidence("ceiling", case) < SURE
        assert remedies("ceiling", case)

    @pytest.mark.parametrize(("kind", "threshold"), [("MLPClassifier", 0.95), ("SVC", 0.84)], ids=["richer", "near"])
    def test_is_not_sure_of_networks_nor_near_the_threshold(self, kind: str, threshold: float) -> None:
        """A network can be more than what is screened; a few points may be chance."""
        case = a_case(kind, threshold=threshold, later=[self.SWAPPED, a_change(3, 0.8, "C")])

        assert confidence("ceiling", case) < SURE

    def test_is_unknown_where_a_family_had_no_time(self) -> None:
        """Boosting may have reached it."""
        found = screening({})
        found["models"] = [each for each in found["models"] if each["family"] != "boosting"]
        trial = a_trial(known=facts(model="SVC", layers=(), screening=found))

        assert confidence("ceiling", case_of(trial, {}, {}, (trial,), Policy(threshold=0.95))) == 0
