"""Which measurement counts."""

import pytest

from trainprobe import names
from trainprobe.data.kind import DataKind, kind_in
from trainprobe.names import canonical, direction_of
from trainprobe.results.choose import PRECEDENCE, candidates
from trainprobe.results.sources.numbers import plausible
from trainprobe.task import Metric
from trainprobe.trace import Measurement
from trainyard import policy


def a_measurement(kind: str = "traced", data: str | None = "test", **fields: object) -> Measurement:
    values: dict[str, object] = {"metric": "accuracy", "value": 0.5, "source": kind, "order": 0.0, **fields}
    return Measurement(kind=kind, data=DataKind(data or "unknown"), **values)  # type: ignore[arg-type]


class TestPrecedence:
    def test_is_the_table(self) -> None:
        """Whatever order measurements were seen in, they rank as the table says."""
        seen = [a_measurement(kind, data) for kind, data in PRECEDENCE]

        ranked = candidates(seen[::-1], Metric())

        assert ranked == seen

    def test_puts_held_out_data_before_a_variable_and_a_variable_before_training_data(self) -> None:
        """The words of the design: held out, file, variable, training, printed."""
        kinds = [
            ("printed", "unknown"),
            ("history", "train"),
            ("variable", "train"),
            ("file", "train"),
            ("traced", "test"),
        ]

        ranked = candidates([a_measurement(kind, data) for kind, data in kinds], Metric())

        assert [one.kind for one in ranked] == ["traced", "file", "variable", "history", "printed"]

    def test_takes_the_last_of_equals(self) -> None:
        """A script that evaluates twice means its last evaluation."""
        earlier, later = a_measurement(value=0.9, order=1), a_measurement(value=0.8, order=2)

        ranked = candidates([later, earlier], Metric())

        assert ranked[0] == later

    def test_takes_only_the_metric_that_was_named(self) -> None:
        """Another metric is no substitute for the one the author asked for."""
        mae, accuracy = a_measurement("history", "train", metric="mae"), a_measurement()

        ranked = candidates([accuracy, mae], Metric("mean_absolute_error", "minimize"))

        assert [(one.metric, one.direction) for one in ranked] == [("mae", "minimize")]

    def test_takes_no_value_that_is_not_a_number(self) -> None:
        """A loss that became NaN is found to be no measurement."""
        assert candidates([a_measurement(metric="loss", value=float("nan"))], Metric("loss", "minimize")) == []

    def test_takes_only_the_data_that_was_named(self) -> None:
        """``val_accuracy`` asks for the validation data, even where test data was measured."""
        test, validation = a_measurement(), a_measurement("history", "validation")

        ranked = candidates([test, validation], Metric("val_accuracy"))

        assert ranked == [validation]


class TestPlausible:
    @pytest.mark.parametrize(
        ("value", "fraction"), [(0.97, 0.97), (97.0, 0.97), (1.0, 1.0), (0.0, 0.0), (-0.1, None), (101.0, None)]
    )
    def test_reads_percent_as_fractions(self, value: float, fraction: float | None) -> None:
        """Accuracies above 1 are percent; what is neither is no accuracy."""
        assert plausible("accuracy", value) == fraction

    def test_leaves_other_metrics_alone(self) -> None:
        """A mean absolute error of 12 is 12."""
        assert plausible("mae", 12.0) == 12.0

    def test_refuses_what_is_not_a_number(self) -> None:
        """NaN is a failure, not a value."""
        assert plausible("accuracy", float("nan")) is None
        assert plausible("mae", float("nan")) is None


class TestNames:
    @pytest.mark.parametrize(
        "name",
        ["acc", "Accuracy", "val_acc", "accuracy_1", "sparse_categorical_accuracy", "test accuracy", "final_acc"],
    )
    def test_knows_accuracy_under_its_names(self, name: str) -> None:
        """Whatever the library or the author calls it."""
        assert canonical(name) == "accuracy"

    @pytest.mark.parametrize("name", ["loss", "top_k_categorical_accuracy", "balanced_accuracy", "account"])
    def test_takes_nothing_else_for_accuracy(self, name: str) -> None:
        """What only looks like an accuracy would pass a threshold it should not."""
        assert canonical(name) != "accuracy"

    def test_reads_the_data_from_a_name(self) -> None:
        """Names say on which data a value was taken, or nothing."""
        assert [kind_in(name) for name in ("val_acc", "test_accuracy", "train acc", "acc")] == [
            "validation",
            "test",
            "train",
            "unknown",
        ]

    def test_knows_what_is_to_be_small(self) -> None:
        """Losses and errors are minimised; scikit-learn's negated ones are not."""
        directions = [direction_of(name) for name in ("val_loss", "mae", "accuracy", "neg_mean_squared_error")]

        assert directions == ["minimize", "minimize", "maximize", "maximize"]

    def test_the_probe_and_the_policy_read_a_name_alike(self) -> None:
        """What is minimized in the container is minimized where the threshold is compared."""
        assert policy.LESS_IS_BETTER == names.LESS_IS_BETTER
