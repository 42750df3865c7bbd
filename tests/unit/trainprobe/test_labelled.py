"""Labelled numbers in what scripts print."""

import pytest

from tests.unit.trainprobe.lines import TELLING, TRAPS
from trainprobe.results.sources.captured_output import lines_of
from trainprobe.results.sources.labelled import labelled


def last(text: str, metric: str = "accuracy") -> float | None:
    found = list(labelled(lines_of(text), metric))
    return found[-1].value if found else None


class TestALine:
    @pytest.mark.parametrize(("line", "value"), TELLING)
    def test_tells_an_accuracy_in_many_ways(self, line: str, value: float) -> None:
        """Percent or fraction, well spelt or not, before or behind the word."""
        assert last(line) == pytest.approx(value)

    @pytest.mark.parametrize("line", TRAPS)
    def test_tells_nothing_where_it_speaks_of_something_else(self, line: str) -> None:
        """A wrong accuracy is worse than none."""
        assert last(line) is None

    @pytest.mark.parametrize(
        ("line", "data"),
        [
            ("Train acc 0.99", "train"),
            ("Accuracy on the training set: 0.9", "train"),
            ("Accuracy after training: 0.9", "unknown"),
            ("val_acc: 0.9", "validation"),
            ("Test set: Average loss: 0.05, Accuracy: 9800/10000 (98%)", "test"),
            ("Testing Accuracy: 0.9", "test"),
            ("Latest accuracy: 0.9", "unknown"),
        ],
    )
    def test_tells_the_data_too(self, line: str, data: str) -> None:
        """The nearest word decides."""
        assert [one.data for one in labelled([line])] == [data]

    @pytest.mark.parametrize(
        ("line", "metric", "value"),
        [
            ("MAE: 2.31", "mae", 2.31),
            ("Mean Absolute Error: 2.31", "mae", 2.31),
            ("mean squared error = 1234", "mse", 1234.0),
            ("RMSE : 12.5", "rmse", 12.5),
            ("R^2: -0.2", "r2", -0.2),
            ("R2 score: 0.91", "r2", 0.91),
            ("R-squared 0.91", "r2", 0.91),
            ("F1 score: 0.7", "f1", 0.7),
            ("AUC = 0.8", "roc_auc", 0.8),
            ("val_loss: 0.3", "val_loss", 0.3),
        ],
    )
    def test_tells_other_metrics_by_their_names(self, line: str, metric: str, value: float) -> None:
        """What ``metric`` in trainyard.toml names."""
        assert last(line, metric) == pytest.approx(value)


class TestSeveralLines:
    @pytest.mark.parametrize(
        ("text", "value"),
        [
            ("Accuracy:\n95.33% (2.1%)\n", 0.9533),
            ("=== Test Accuracy ===\n--------\n0.93\n", 0.93),
            ("acc: 0.1\nacc: 0.2\n", 0.2),
            ("Epoch 1\racc: 0.3\r\nacc: 0.4", 0.4),
        ],
    )
    def test_may_tell_it_together(self, text: str, value: float) -> None:
        """A heading with the number below; the last one of several."""
        assert last(text) == pytest.approx(value)

    def test_that_are_one_a_class_do_not_count_behind_that_of_all(self) -> None:
        """The last class is no better than any other."""
        classes = "".join(
            f"Accuracy of {name:>5} : {value} %\n" for name, value in (("car", 60), ("cat", 40), ("dog", 20))
        )

        assert last("Accuracy of the network on the 10000 test images: 55 %\n" + classes) == pytest.approx(0.55)

    def test_that_are_one_a_model_count(self) -> None:
        """Where no line is above them, the last one is as good as any."""
        assert last("Accuracy of KNN: 0.9\nAccuracy of SVM: 0.93\nAccuracy of RF: 0.91\n") == pytest.approx(0.91)
