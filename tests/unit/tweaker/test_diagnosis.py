"""What is found, with its evidence, and what is not."""

from typing import Any

import pytest

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import Facts
from services.tweaker.rules import SURE, diagnose
from tests.unit.tweaker.builders import REST, UNSCALED, facts


def names(case: Case) -> list[str]:
    """Return the findings' names, the surest first, without the one that is always there."""
    return [finding.name for finding in diagnose(case)][:-1]


def case(known: dict[str, Any], **more: Any) -> Case:
    """Make a case from raw facts."""
    return Case(**{"value": 0.8, "data": "test", "facts": Facts.model_validate(known), **more})


class TestNothingToFind:
    @pytest.mark.parametrize(
        "healthy",
        [
            pytest.param(case(facts(), losses=tuple(REST)), id="a training at rest"),
            pytest.param(case({}), id="nothing known"),
            pytest.param(case(facts(UNSCALED, model="RandomForestClassifier")), id="trees do not mind the scale"),
            pytest.param(case(facts(UNSCALED, layers=("Embedding", "Dense"))), id="words are not scaled"),
            pytest.param(case(facts(UNSCALED, model="Pipeline", layers=("StandardScaler", "SVC"))), id="a pipeline"),
            pytest.param(
                case(facts(), losses=(0.9, 0.8), epochs=2, held_out=(0.5, 0.4, 0.9)), id="held-out data worse"
            ),
            pytest.param(case(facts(), settings={"neighbours": 5}), id="five neighbours"),
            pytest.param(case(facts(model="SVC", layers=()), value=0.36), id="no network collapses"),
            pytest.param(case(facts(training_value=0.83)), id="training and test agree"),
        ],
    )
    def test_is_not_invented(self, healthy: Case) -> None:
        """Where nothing is wrong in a way that is known, that is what is said."""
        assert names(healthy) == []


class TestFindings:
    def test_the_surest_comes_first(self) -> None:
        """Unscaled inputs are surer than what they do to the curve."""
        found = diagnose(case(facts(UNSCALED, nan=True), settings={"learning_rate": 0.01}))

        assert [finding.name for finding in found] == ["unscaled_inputs", "learning_rate_too_high", "no_cause"]

    @pytest.mark.parametrize(("threshold", "sure"), [(0.9, True), (0.8, False)])
    def test_what_could_be_better_is_no_fault_of_a_value_that_suffices(self, threshold: float, *, sure: bool) -> None:
        """A program that reaches its threshold has nothing to mend, but what makes the value prove nothing."""
        found = diagnose(case(facts(training_value=1.0), value=0.85, threshold=threshold))

        assert (found[0].name, found[0].confidence >= SURE) == ("overfitting", sure)

    def test_a_cause_comes_before_what_shows_it(self) -> None:
        """An accuracy no better than chance is surer than each of its causes, and explains nothing."""
        known = facts(model="LogisticRegression", layers=(), measured={"rows": 400, "majority": 0.5})

        assert names(case(known, value=0.5, settings={"C": 0.0001})) == [
            "penalty_too_strong",
            "no_better_than_majority",
        ]

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            pytest.param(
                case(facts({"unscaled": True, "overall": {"min": 0, "max": 255}})),
                "The inputs are not scaled: values range from 0 to 255",
                id="values",
            ),
            pytest.param(
                case(facts({"unscaled": True, "columns": [{"mean": 2000.0, "std": 1.0}, {"mean": 0.5, "std": 0.3}]})),
                "The inputs are not scaled: column means are up to 2000 away from 0",
                id="means",
            ),
            pytest.param(
                case(facts(nan=True), settings={"learning_rate": 0.5}),
                "The loss became NaN: a learning rate of 0.5 is too high",
                id="nan",
            ),
            pytest.param(
                case(facts(), losses=(0.5, 0.6, 0.7, 0.8, 0.9, 1.0)),
                "The loss rises again: the learning rate is too high",
                id="diverging",
            ),
            pytest.param(
                case(facts(training_value=0.99)),
                "The network overfits: 99.0% on the training data, 80.0% on held-out data",
                id="overfitting",
            ),
            pytest.param(
                case(facts(), value=0.36),
                "The model is no better than always predicting one class: 36% is about that class's share",
                id="constant_predictions",
            ),
            pytest.param(
                case(facts(), settings={"neighbours": 1}),
                "Only 1 neighbour: the predictions follow every noisy row",
                id="one neighbour",
            ),
            pytest.param(
                case(facts(), settings={"neighbours": 301}),
                "301 neighbours are too many for 700 rows: distant rows outvote near ones "
                "(the smallest class has 250 rows)",
                id="many neighbours",
            ),
        ],
    )
    def test_is_one_sentence_with_its_evidence(self, wrong: Case, sentence: str) -> None:
        """A person understands what was found and from what."""
        assert sentence in [finding.sentence for finding in diagnose(wrong)]


class TestNoCause:
    """What is said where nothing else is found names only what was looked at."""

    def test_names_the_curves_of_a_network(self) -> None:
        """A network has losses, epoch by epoch."""
        assert diagnose(case(facts(), losses=tuple(REST)))[-1].sentence.endswith("in the curves and the data")

    def test_does_not_take_noise_for_a_rise(self) -> None:
        """A loss that stays at its first value within one percent rises at the end by chance."""
        stuck = case(facts(), losses=(0.616, 0.622, 0.625, 0.616, 0.614, 0.622, 0.617))

        assert "learning_rate_too_high" not in names(stuck)

    def test_does_not_speak_of_curves_where_there_are_none(self) -> None:
        """An estimator of scikit-learn is not trained in epochs."""
        assert diagnose(case(facts(model="SVC", layers=())))[-1].sentence == "No single cause shows in the data"


class TestStillImproving:
    """A fall at the end, judged by the value there and not only by how far the first epochs came."""

    LOSSES = (1.60, 0.55, 0.36, 0.28, 0.23)

    def test_sees_a_plain_fall_after_a_steep_start(self) -> None:
        """The last epoch took a fifth off the loss: the training was not over."""
        known = facts(training={"steps": 100})
        falling = case(known, losses=self.LOSSES, held_out=(0.8, 0.42, 0.31, 0.25, 0.21), epochs=5)

        assert names(falling) == ["still_improving"]

    def test_is_silent_where_held_out_data_get_worse(self) -> None:
        """More epochs would be learnt by heart."""
        assert names(case(facts(), losses=self.LOSSES, held_out=(0.8, 0.42, 0.31, 0.35, 0.41), epochs=5)) == []

    def test_is_silent_where_the_end_is_restless(self) -> None:
        """One lucky epoch is no fall."""
        assert names(case(facts(), losses=(1.60, 0.55, 0.22, 0.25, 0.22), epochs=5)) == []


class TestReadFacts:
    def test_a_section_that_is_odd_is_unknown(self) -> None:
        """A newer or broken probe does not stop the tweaker."""
        read = Facts.model_validate({"inputs": {"rows": "many"}, "labels": None, "model": {"class": "SVC"}, "new": 1})

        assert read.inputs == Facts().inputs
        assert read.model.kind == "SVC"

    def test_leaves_out_only_what_is_odd(self) -> None:
        """One broken entry does not take with it what stands beside it."""
        layers = [{"class": "Dense", "units": 8, "dead": "all"}, {"class": "Dense", "units": 3}]
        inputs = {"rows": 20, "shape": [3, "many"], "conflicts": 0.1}

        read = Facts.model_validate({"inputs": inputs, "model": {"layers": layers}, "training": [], "nan": True})

        assert (read.inputs.rows, read.inputs.shape, read.inputs.conflicts) == (20, (), 0.1)
        assert [(layer.units, layer.dead) for layer in read.model.layers] == [(8, 0.0), (3, 0.0)]
        assert read.training == Facts().training
        assert read.nan

    def test_finds_a_parameter_in_a_pipeline(self) -> None:
        """The step's name before the parameter's is no matter."""
        read = Facts.model_validate({"model": {"params": {"knn__n_neighbors": 7}}})

        assert read.model.param("n_neighbors") == 7
