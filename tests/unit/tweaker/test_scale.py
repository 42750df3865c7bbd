"""Values of any metric as scores, of which 1 is perfect, and as the author reads them."""

import dataclasses
from typing import Any

import pytest

from services.tweaker.diagnosis.case import Case, case_of
from services.tweaker.diagnosis.facts import Facts
from services.tweaker.diagnosis.scale import Scale, scale_of
from services.tweaker.rules import diagnose
from tests.unit.tweaker.diagnosing import confidence, sentence
from trainyard.policy import Policy
from trainyard.trial import Direction, Measurement, Trial, Tweak

SPREAD = {"measured": {"rows": 100, "std": 10.0, "deviation": 8.0}}
AMOUNTS = {"encoding": "continuous", "std": 10.0}


def scale(metric: str, known: dict[str, Any] = SPREAD, direction: Direction = "minimize") -> Scale | None:
    """Return the scale of a metric for these facts."""
    return scale_of(Measurement(metric=metric, value=1.0, direction=direction), Facts.model_validate(known))


class TestAnError:
    @pytest.mark.parametrize(
        ("metric", "value", "score"),
        [
            ("mse", 25.0, 0.75),
            ("rmse", 5.0, 0.75),
            ("mae", 4.0, 0.75),
            ("neg_mean_squared_error", -25.0, 0.75),
            ("mse", 100.0, 0.0),
            ("rmse", 20.0, -3.0),
        ],
    )
    def test_is_compared_with_that_of_the_best_constant(self, metric: str, value: float, score: float) -> None:
        """On the scale of R², whatever its unit."""
        known = scale(metric)

        assert known is not None
        assert known.score(value) == pytest.approx(score)
        assert known.value(score) == pytest.approx(abs(value))

    def test_is_compared_with_the_spread_of_all_labels_where_that_of_the_measured_rows_is_unknown(self) -> None:
        """They are about the same."""
        known = scale("rmse", {"labels": AMOUNTS})

        assert known is not None
        assert known.score(5.0) == pytest.approx(0.75)

    def test_of_probabilities_is_compared_with_the_shares_of_the_classes(self) -> None:
        """Whose log loss is their entropy; a loss is known by its name."""
        loss = {"labels": {"classes": 2, "counts": [50, 50]}, "model": {"loss": "binary_crossentropy"}}
        known = scale("loss", loss)

        assert known is not None
        assert known.score(0.0693147) == pytest.approx(0.9)

    @pytest.mark.parametrize("metric", ["mape", "rmse", "loss", "huber", "my_score"])
    def test_has_no_score_where_nothing_is_known_to_compare_it_with(self, metric: str) -> None:
        """The rules are silent then."""
        assert scale(metric, {}) is None


class TestAScore:
    @pytest.mark.parametrize("metric", ["accuracy", "f1_macro", "balanced_accuracy", "roc_auc", "r2"])
    def test_is_what_it_is(self, metric: str) -> None:
        """More is better, and 1 is perfect."""
        known = scale(metric, direction="maximize")

        assert known is not None
        assert (known.score(0.7), known.value(0.7)) == (0.7, 0.7)

    @pytest.mark.parametrize(
        ("metric", "words"),
        [
            ("accuracy", "70.0%"),
            ("r2", "an R² of 0.7"),
            ("roc_auc", "an AUC of 0.7"),
            ("balanced_accuracy", "a balanced accuracy of 0.7"),
        ],
    )
    def test_is_called_by_its_name(self, metric: str, words: str) -> None:
        """An accuracy is known by its percent."""
        assert Scale(metric).named(0.7) == words


def regression(
    value: float, *, trained: float, threshold: float, model: str = "LinearRegression", **known: Any
) -> Case:
    """Return the case of an estimator by its mean absolute error, of labels that deviate by 8."""
    facts = {
        "inputs": {"rows": 400, "unscaled": False},
        "labels": AMOUNTS,
        "model": {"library": "sklearn", "class": model},
        "training_value": trained,
        "measured": {"rows": 100, "std": 10.0, "deviation": 8.0, "stderr": 0.2, **known},
    }
    measured = Measurement(metric="mae", value=value, data="test", direction="minimize")
    policy = Policy.model_validate({"metric": "mae", "threshold": threshold})
    trial = Trial(trial=1, measurement=measured, facts=facts)
    return case_of(trial, {}, {}, (trial,), policy)


class TestRegressions:
    def test_underfit(self) -> None:
        """The sentence has the author's metric and its value."""
        case = regression(6.0, trained=5.9, threshold=3.0)

        assert sentence("estimator_too_simple", case) == (
            "LinearRegression does no better than a mean absolute error of 5.9 on its own training data:"
            " it cannot fit the target values"
        )

    def test_overfit(self) -> None:
        """On both kinds of data, in its unit."""
        case = regression(5.0, trained=1.5, threshold=3.0, model="RandomForestRegressor")

        assert sentence("trees_overfit", case) == (
            "The trees overfit: a mean absolute error of 1.5 on the training data, 5 on held-out data"
        )
        assert confidence("estimator_too_simple", case) == 0

    @pytest.mark.parametrize(("value", "certainty"), [(3.1, 0.4), (3.5, 0)])
    def test_may_miss_their_threshold_by_chance(self, value: float, certainty: float) -> None:
        """By less than the standard error that the probe found for these rows."""
        case = regression(value, trained=1.0, threshold=3.0)

        assert confidence("within_noise", case) == certainty

    def test_say_by_how_much_they_miss_it(self) -> None:
        """In the unit of the metric."""
        case = regression(3.1, trained=1.0, threshold=3.0)

        assert sentence("within_noise", case) == (
            "The gap of 0.1 to the threshold is within the sampling error of 100 rows (0.2)"
        )

    def test_end_at_a_ceiling(self) -> None:
        """Trials of many kinds that came no further say that the data allow no more."""
        case = regression(6.0, trained=5.9, threshold=1.0)
        first = case.history[0]
        edits = ("alpha", "C", "kernel", "gamma", "estimators", "depth", "leaf", "features")
        tweaked = (Tweak(name=edit, reason="", diff="") for edit in edits)
        later = [first.model_copy(update={"trial": number, "tweaks": (one,)}) for number, one in enumerate(tweaked, 2)]
        case = dataclasses.replace(case, history=(first, *later))

        assert sentence("ceiling", case).endswith(
            "did not get beyond a mean absolute error of 6: the data seem to allow no more"
        )

    def test_are_silent_where_their_labels_are_unknown(self) -> None:
        """No rule judges by a value that it cannot compare."""
        case = regression(6.0, trained=5.9, threshold=3.0)
        unknown = case.facts.model_copy(
            update={"measured": type(case.facts.measured)(), "labels": type(case.facts.labels)()}
        )

        trial = case.history[0].model_copy(update={"facts": unknown.model_dump(by_alias=True)})
        silent = case_of(trial, {}, {}, (trial,), Policy.model_validate({"metric": "mae", "threshold": 3.0}))

        assert [found.name for found in diagnose(silent)] == ["no_cause"]


class TestAnotherMetricOfClasses:
    def test_is_not_taken_for_an_accuracy(self) -> None:
        """An F1 score is not held against the share of the commonest class."""
        facts = {"labels": {"classes": 2, "counts": [90, 10]}, "measured": {"rows": 50, "majority": 0.9}}
        trial = Trial(trial=1, measurement=Measurement(metric="f1", value=0.6, data="test"), facts=facts)
        case = case_of(trial, {}, {}, (trial,), Policy.model_validate({"metric": "f1", "threshold": 0.8}))

        assert (case.value, case.target) == (0.6, 0.8)
        assert confidence("no_better_than_majority", case) == 0
        assert confidence("within_noise", case) == 0
