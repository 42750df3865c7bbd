"""What is offered against a finding: edits that the code has something for, with values for the case."""

import dataclasses
from typing import Any

import pytest

from services.tweaker.diagnosis.case import Case
from services.tweaker.edits.registry import edits
from services.tweaker.edits.space import Real, Whole
from services.tweaker.rules import RULES, remedies
from services.tweaker.rules.values import longer, round_up, sufficient_rate, usual_batch, usual_width
from tests.findings import PAGE, page
from tests.unit.tweaker.builders import SCALED, UNSCALED
from tests.unit.tweaker.diagnosing import TEN, THREE, a_network, an_estimator, dense

BYTES = {"unscaled": True, "shape": [784], "overall": {"min": 0.0, "max": 255.0, "mean": 33.0, "std": 78.0}}
POINT = {"min": 0.0, "max": 16.0, "mean": 5.0, "std": 6.0}
PIXELS = {"rows": 5000, "shape": [64], "unscaled": True, "columns": [POINT] * 64, "overall": POINT}


def with_settings(case: Case, **settings: Any) -> Case:
    """Return the case with what the edits find in its code."""
    return dataclasses.replace(case, settings=settings)


@pytest.mark.parametrize(
    ("finding", "case", "edit", "setting"),
    [
        pytest.param("unscaled_inputs", a_network(inputs=UNSCALED), {"scale_inputs": None}, None, id="a table"),
        pytest.param("unscaled_inputs", a_network(inputs=BYTES), {"scale_inputs": None}, 255.0, id="bytes"),
        pytest.param(
            "unscaled_inputs", an_estimator(inputs=BYTES), {"scale_inputs": None}, None, id="bytes for an estimator"
        ),
        pytest.param(
            "learning_rate_too_high", a_network(rate=0.5), {"learning_rate": 0.5}, 0.001, id="Adam far too fast"
        ),
        pytest.param(
            "learning_rate_too_high", a_network(), {"learning_rate": 0.001}, 0.0001, id="Adam as usual, but too fast"
        ),
        pytest.param(
            "learning_rate_too_low", a_network(rate=1e-5), {"learning_rate": 1e-5}, 0.001, id="Adam far too slow"
        ),
        pytest.param(
            "learning_rate_too_low", a_network(), {"learning_rate": 0.001}, 0.01, id="Adam as usual, but too slow"
        ),
        pytest.param(
            "learning_rate_too_low",
            a_network(optimizer="Adadelta"),
            {"learning_rate": 0.001, "optimizer": "adadelta"},
            1.0,
            id="Adadelta of old",
        ),
        pytest.param("too_much_dropout", a_network(), {"dropout": 0.8}, 0.2, id="a usual dropout"),
        pytest.param(
            "too_much_dropout",
            a_network({"class": "Dropout", "rate": 0.3}, {"class": "Dropout", "rate": 0.7}),
            {"dropout": 0.7},
            0.3,
            id="the dropout of the milder layer",
        ),
        pytest.param("bottleneck", a_network(labels=THREE), {"units": (5, 2)}, 32, id="a small table"),
        pytest.param("bottleneck", a_network(labels=TEN, inputs=BYTES), {"units": (3,)}, 128, id="pictures"),
        pytest.param("bottleneck", an_estimator(), {"hidden_units": (2,)}, 32, id="units of an estimator"),
        pytest.param("network_too_small", a_network(), {"units": (64, 32)}, 128, id="twice as wide"),
        pytest.param(
            "wrong_output_layer",
            a_network(labels=THREE),
            {"output": "sigmoid:1:binary_crossentropy"},
            "softmax:3:sparse_categorical_crossentropy",
            id="a unit a class",
        ),
        pytest.param(
            "wrong_output_layer",
            a_network(labels={**THREE, "lowest": 1.0, "highest": 3.0}),
            {"output": "softmax:3:sparse_categorical_crossentropy"},
            "softmax:4:sparse_categorical_crossentropy",
            id="a unit for the label 3 too",
        ),
        pytest.param(
            "wrong_loss",
            a_network(labels={**TEN, "encoding": "one-hot"}, output=dense(10, "softmax")),
            {"output": "softmax:10:mse"},
            "softmax:10:categorical_crossentropy",
            id="one-hot labels",
        ),
        pytest.param(
            "wrong_loss",
            a_network(output=dense(1, "sigmoid"), loss="mean_squared_error"),
            {"output": "sigmoid:1:mse"},
            "sigmoid:1:binary_crossentropy",
            id="two classes by one unit",
        ),
        pytest.param("over_regularized", a_network(), {"regularizer": 1.0}, 0.0001, id="a mild penalty"),
        pytest.param("early_stopping_too_early", a_network(), {"patience": 1}, 10, id="patience"),
        pytest.param("too_many_neighbours", an_estimator(), {"neighbours": 60}, 7, id="fewer neighbours"),
        pytest.param("not_converged", an_estimator(), {"iterations": 5}, 1000, id="iterations"),
        pytest.param("too_few_trees", an_estimator("RandomForestClassifier"), {"estimators": 5}, 200, id="trees"),
        pytest.param(
            "boosting_learning_rate_too_low", an_estimator("XGBClassifier"), {"learning_rate": 0.01}, 0.1, id="boosting"
        ),
        pytest.param("trees_too_shallow", an_estimator("RandomForestClassifier"), {"depth": 2}, None, id="any depth"),
        pytest.param(
            "trees_too_shallow", an_estimator("GradientBoostingClassifier"), {"depth": 1}, 4, id="a boosted depth"
        ),
        pytest.param("gamma_out_of_range", an_estimator(), {"gamma": 10.0}, "scale", id="gamma"),
        pytest.param("penalty_too_strong", an_estimator(), {"C": 1e-5}, 1.0, id="C"),
        pytest.param(
            "estimator_too_simple",
            an_estimator("LogisticRegression"),
            {"swap_estimator": "LogisticRegression"},
            "SVC",
            id="support vectors where columns are even",
        ),
        pytest.param(
            "estimator_too_simple",
            an_estimator("LogisticRegression", inputs=UNSCALED),
            {"swap_estimator": "LogisticRegression"},
            "RandomForestClassifier",
            id="a forest where they are not",
        ),
        pytest.param(
            "single_tree",
            an_estimator("DecisionTreeRegressor"),
            {"swap_estimator": "DecisionTreeRegressor"},
            "RandomForestRegressor",
            id="a forest for amounts",
        ),
        pytest.param(
            "single_tree",
            an_estimator("DecisionTreeClassifier", inputs=PIXELS),
            {"swap_estimator": "DecisionTreeClassifier"},
            "RandomForestClassifier",
            id="many trees for one, also where support vectors would do",
        ),
        pytest.param(
            "estimator_too_simple",
            an_estimator("Pipeline", steps=["TfidfVectorizer", "MultinomialNB"]),
            {"swap_estimator": "MultinomialNB"},
            "SVC",
            id="support vectors for words",
        ),
        pytest.param(
            "no_cause",
            an_estimator("Pipeline", steps=["PCA", "LogisticRegression"], inputs=PIXELS),
            {"components": 5, "C": 1.0, "swap_estimator": "LogisticRegression"},
            20,
            id="more of the inputs before anything else",
        ),
        pytest.param(
            "penalty_too_strong",
            an_estimator("Ridge", inputs={**SCALED, "rows": 700, "columns": [{"std": 0.1}] * 4}),
            {"alpha": 50.0},
            0.2,
            id="a penalty for small values",
        ),
        pytest.param("double_softmax", a_network(labels=TEN), {"output": None}, None, id="the values themselves"),
        pytest.param("missing_zero_grad", a_network(), {"zero_grad": None}, None, id="gradients of one batch"),
    ],
)
def test_offers_a_good_value_first(finding: str, case: Case, edit: dict[str, Any], setting: object) -> None:
    """As a good engineer would choose it for these data."""
    first = remedies(finding, with_settings(case, **edit))[0]

    assert (first.edit, first.setting) == (next(iter(edit)), setting)


def test_the_table_of_findings_is_current() -> None:
    """A changed rule shows in docs/how-it-decides.md."""
    text = PAGE.read_text()

    assert page(text) == text, "docs/how-it-decides.md is old; run `make docs`"


class TestOffers:
    def test_another_estimator_last(self) -> None:
        """Where nothing shows, and there are settings that may help."""
        case = with_settings(an_estimator("Ridge"), alpha=1.0, swap_estimator="Ridge")

        first, *_, last = remedies("no_cause", case)

        assert (first.edit, last.edit) == ("alpha", "swap_estimator")

    def test_only_what_the_code_has(self) -> None:
        """Where no edit finds anything to change, nothing is offered, whatever the finding."""
        assert not any(remedies(rule.name, a_network()) for rule in RULES)

    def test_no_value_that_is_there_already(self) -> None:
        """It would change nothing."""
        case = with_settings(an_estimator("KNeighborsClassifier"), neighbours=5, weights="distance")

        assert [remedy.setting for remedy in remedies("too_few_neighbours", case)] == [9, 15]

    def test_each_remedy_once(self) -> None:
        """However many ways lead to it."""
        everything = {"epochs": 10, "learning_rate": 0.01, "optimizer": "sgd", "units": (8,), "dropout": 0.0, "C": 1.0}
        offered = remedies("no_cause", with_settings(a_network(optimizer="SGD"), **everything))

        assert len(offered) == len(set(offered))
        assert {remedy.edit for remedy in offered} == set(everything)

    def test_a_range_for_later_values(self) -> None:
        """Around the first one; none where there is nothing to choose but whether to do it."""
        case = with_settings(a_network(rate=0.5), learning_rate=0.5, epochs=10, batch_norm=None, dense_layer=None)
        by_edit = {
            remedy.edit: remedy
            for name in ("learning_rate_too_high", "network_too_small")
            for remedy in remedies(name, case)
        }

        assert by_edit["learning_rate"].space == Real(0.0001, 0.5)
        assert by_edit["epochs"].space == Whole(20, 100)
        assert by_edit["batch_norm"].space is None

    def test_an_output_that_is_left_to_the_loss(self) -> None:
        """What a network of PyTorch ends in has no values to be told."""
        (only,) = remedies("double_softmax", with_settings(a_network(labels=TEN), output=None))

        assert only.deed == "the network outputs logits"

    def test_what_the_knob_says_is_done(self) -> None:
        """One text for a change, wherever it is told."""
        (first, *_) = remedies("too_few_trees", with_settings(an_estimator("RandomForestClassifier"), estimators=5))

        assert first.deed == "200 trees or rounds instead of 5"

    def test_a_single_row_as_one(self) -> None:
        """Also where a number may be any."""
        (first, *_) = remedies("leaves_too_large", with_settings(an_estimator("DecisionTreeClassifier"), leaf=60))

        assert first.deed == "at least 1 row per leaf instead of 60"

    def test_under_a_name_of_its_own(self) -> None:
        """Remedies are looked up by the name of the finding, so no two rules share one."""
        assert len({rule.name for rule in RULES}) == len(RULES) > 30

    @pytest.mark.parametrize(
        ("before", "after", "deed"),
        [
            ("sigmoid:1:huber", "linear:1:huber", "output activation linear instead of sigmoid"),
            ("linear:1:mae", "linear:3:mse", "output units 3 instead of 1, loss mse instead of mae"),
            ("x", "softmax:3:mse", "output activation softmax, output units 3, loss mse"),
            (None, "linear", "the network ends in its last linear layer"),
            (None, None, "the network outputs logits"),
        ],
    )
    def test_of_an_output_say_what_changes(self, before: str | None, after: str | None, deed: str) -> None:
        """And nothing of what stays."""
        assert edits()["output"].knob.deed(before, after) == deed

    def test_of_sigmoids_that_keras_trains_as_a_softmax_there_is_none(self) -> None:
        """The same training and the same classes are not worth a trial; too few of them are."""
        sigmoids = with_settings(
            a_network(output=dense(10, "sigmoid"), labels=TEN, loss="sparse_categorical_crossentropy"), output="x"
        )
        few = dataclasses.replace(sigmoids, facts=a_network(output=dense(3, "sigmoid"), labels=TEN).facts)

        assert remedies("wrong_output_layer", sigmoids) == ()
        assert remedies("wrong_output_layer", few) != ()

    def test_against_a_fall_that_early_stopping_ended_are_no_more_epochs(self) -> None:
        """They would train the same; more patience does not."""
        case = a_network(losses=(1.0, 0.8, 0.6), training={"ended_early": True})

        found = remedies("still_improving", with_settings(case, epochs=50, patience=2))

        assert [remedy.edit for remedy in found] == ["patience"]


class TestValues:
    def test_trains_as_long_as_the_errors_need(self) -> None:
        """An error that falls as one over the root of the epochs needs so many more of them, within reason."""
        slow = tuple(1 - 0.6 * epoch**-0.5 for epoch in range(1, 21))

        assert longer(a_network(accuracies=slow, threshold=0.9), 20) == (80, 250)
        assert longer(a_network(accuracies=slow, threshold=0.99), 20) == (200, 600)

    def test_trains_three_to_five_times_as_long_where_no_fall_shows(self) -> None:
        """Few epochs can be multiplied by more."""
        assert longer(a_network(), 100) == (300, 1000)
        assert longer(a_network(training={"steps": 1000}), 2) == (10, 30)

    def test_trains_long_enough_for_the_weights_to_move(self) -> None:
        """A handful of steps becomes many."""
        assert longer(a_network(training={"steps": 1, "batch_size": 128}, inputs={"rows": 112}), 6)[0] == 150

    def test_trains_on_smaller_batches_only_where_there_can_be_some(self) -> None:
        """A loop over epochs that has no batches makes a step in each, however many rows there are."""
        whole = a_network(training={"steps": 1, "batch_size": 1437}, inputs={"rows": 1437})

        assert longer(whole, 30)[0] == 600
        assert longer(with_settings(whole, batch_size=1437), 30)[0] == 100

    @pytest.mark.parametrize(("number", "rounded"), [(0.4, 1), (11, 15), (30, 30), (61, 80), (810, 1000), (1050, 1500)])
    def test_writes_numbers_as_people_do(self, number: float, rounded: int) -> None:
        """Upwards, to one that reads well in a diff."""
        assert round_up(number) == rounded

    @pytest.mark.parametrize(("rows", "batch"), [(0, 32), (40, 8), (112, 16), (60000, 32)])
    def test_makes_small_batches_of_few_rows(self, rows: int, batch: int) -> None:
        """So that an epoch has some steps."""
        assert usual_batch(a_network(inputs={"rows": rows})) == batch

    @pytest.mark.parametrize(
        ("inputs", "rate"),
        [
            ({**SCALED, "overall": {"mean": 0.0, "std": 1.0}}, 0.05),
            ({"shape": [64], "overall": {"mean": 4.9, "std": 6.0}}, 0.01),
            (BYTES, 0.05),
            ({}, 0.01),
        ],
    )
    def test_descends_more_slowly_where_the_inputs_are_large(self, inputs: dict[str, Any], rate: float) -> None:
        """Long inputs make the loss steep; those that will be scaled count as scaled."""
        assert sufficient_rate(a_network(inputs=inputs, optimizer="SGD")) == pytest.approx(rate)

    @pytest.mark.parametrize(("inputs", "labels", "width"), [(SCALED, THREE, 32), (SCALED, TEN, 64), (BYTES, TEN, 128)])
    def test_widens_by_classes_and_inputs(self, inputs: dict[str, Any], labels: dict[str, Any], width: int) -> None:
        """More of them need more units."""
        assert usual_width(a_network(inputs=inputs, labels=labels)) == width
