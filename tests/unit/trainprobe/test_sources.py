"""Measurements found after the script has ended: variables, files, output."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainprobe.data.kind import DataKind
from trainprobe.results.sources.captured_output import OutputLine
from trainprobe.results.sources.known_values import KnownValues
from trainprobe.results.sources.metric_files import from_files
from trainprobe.results.sources.output import from_output
from trainprobe.results.sources.variables import computed, from_variables
from trainprobe.trace import Measurement, Trace


def traced(value: float, data: str) -> Measurement:
    return Measurement("accuracy", value, DataKind(data), "keras.evaluate", "traced", 1)


def knowing(*seen: Measurement, **lists: Any) -> KnownValues:
    return KnownValues(Trace(), seen, lists)


class TestVariables:
    def test_takes_the_data_of_the_measurement_with_the_same_value(self) -> None:
        """``acc = model.evaluate(X, y)[1]`` on the training arrays is a training accuracy."""
        seen = [traced(0.75, "test"), traced(0.3988763988018036, "train")]

        (found,) = from_variables({"acc": 0.3988763988018036}, "accuracy", knowing(*seen))

        assert (found.data, found.source) == ("train", "variable acc")

    def test_knows_a_measurement_in_percent_and_rounded(self) -> None:
        """``acc = round(score * 100, 2)`` is that score."""
        (found,) = from_variables({"acc": 97.78}, "accuracy", knowing(traced(0.9777777, "test")))

        assert (found.value, found.data) == (0.9778, "test")

    def test_knows_a_measurement_cut_to_whole_percent(self) -> None:
        """``acc = int(history.history['accuracy'][-1] * 100)`` is that accuracy, on the data that it was taken on."""
        (found,) = from_variables({"acc": 94}, "accuracy", knowing(traced(0.9483, "train"), traced(0.912, "test")))

        assert (found.value, found.data) == (0.94, "train")

    @pytest.mark.parametrize("kept", [[np.full(5, 0.5)] * 3, [None, 0.5, 0.7], ["0.5", [0.5], {}]])
    def test_leaves_lists_alone_that_hold_no_numbers(self, kept: list[Any]) -> None:
        """``results.append(cross_val_score(...))`` for each of several models is a list of arrays."""
        (found,) = from_variables({"acc": 0.5}, "accuracy", knowing(results=kept))

        assert found.data == "unknown"

    def test_takes_the_data_from_its_name_otherwise(self) -> None:
        """A value that was not seen elsewhere may still say what it is."""
        (found,) = from_variables({"test_accuracy": 0.9}, "accuracy", knowing())

        assert found.data == "test"

    def test_prefers_held_out_data(self) -> None:
        """Of several accuracies, that of the test counts."""
        variables = {"train_acc": 0.99, "acc_test": 0.95, "accuracy": 0.97}

        found = list(from_variables(variables, "accuracy", knowing()))

        assert max(found, key=lambda one: one.order).source == "variable acc_test"

    @pytest.mark.parametrize("name", ["testAccuracy", "accuracy_knn", "knnAcc", "model_acc", "acuracy", "ACC"])
    def test_knows_many_names(self, name: str) -> None:
        """Snake or camel, well spelt or not."""
        assert [one.value for one in from_variables({name: 0.9}, "accuracy", knowing())] == [0.9]

    @pytest.mark.parametrize(
        "name", ["acc_std", "target_acc", "min_accuracy", "accuracy_threshold", "acc_loss", "accum"]
    )
    def test_knows_what_is_none(self, name: str) -> None:
        """A spread, a wish, a limit."""
        assert not list(from_variables({name: 0.9}, "accuracy", knowing()))

    def test_knows_the_mean_of_a_list_of_scores(self) -> None:
        """Folds compared by hand are kept in a list."""
        scores = [0.9, 0.8, 1.0]

        (found,) = from_variables({"mean": 0.9}, "accuracy", knowing(cvscores=scores))

        assert (found.value, found.data, found.kind) == (0.9, "folds", "averaged")

    def test_takes_no_r2_for_an_accuracy(self) -> None:
        """``accuracy = regressor.score(X, y)`` is none."""
        r2 = Measurement("r2", 0.8312, DataKind.TEST, "sklearn.score", "traced", 1)

        assert not list(from_variables({"accuracy": 0.8312}, "accuracy", knowing(r2)))

    @pytest.mark.parametrize(
        "variables", [{"acc": True}, {"acc": [0.5]}, {"acc": "0.5"}, {"account": 0.5}, {"acc": 1234.0}, {"x": 0.5}]
    )
    def test_takes_only_plausible_numbers_with_telling_names(self, variables: dict[str, Any]) -> None:
        """Nothing is better than a wrong accuracy."""
        assert not list(from_variables(variables, "accuracy", knowing()))

    def test_takes_no_count_for_percent(self) -> None:
        """``acc = sum(predicted == y)`` are 33 rows, ``round(score * 100)`` is a score that was seen."""
        assert not list(from_variables({"acc": 33, "test_acc": np.int64(33)}, "accuracy", knowing()))

        (found,) = from_variables({"acc": 97}, "accuracy", knowing(traced(0.9722, "test")))
        assert (found.value, found.data) == (0.97, "test")

    def test_finds_a_named_metric(self) -> None:
        """Where the author names another metric, a variable of that name is one."""
        (found, *_) = from_variables({"rmse": 12.5, "acc": 0.4}, "rmse", knowing())

        assert (found.metric, found.value, found.direction) == ("rmse", 12.5, "minimize")

    def test_leaves_out_what_is_only_a_literal(self, tmp_path: Path) -> None:
        """``target_acc = 0.95`` is a wish; ``acc = 0`` that is computed later is none."""
        script = tmp_path / "train.py"
        script.write_text("target_acc = 0.95\nacc = 0\nacc = 1 / 3\n")

        assert computed({"target_acc": 0.95, "acc": 1 / 3}, script) == {"acc": 1 / 3}

    @pytest.mark.parametrize(
        "later",
        [
            "loss, acc = evaluate(model)",
            "for fold in range(5): acc += fold / 20",
            "for acc in scores: pass",
            "with measured() as acc: pass",
            "def main():\n    global acc\n    acc = score()",
        ],
    )
    def test_keeps_what_is_bound_in_another_way_later(self, tmp_path: Path, later: str) -> None:
        """A start value that is replaced or added to is no wish."""
        script = tmp_path / "train.py"
        script.write_text(f"acc = 0\n{later}\n")

        assert computed({"acc": 0.5}, script) == {"acc": 0.5}

    def test_leaves_out_literals_that_are_set_together(self, tmp_path: Path) -> None:
        """``loss, acc = 0, 0`` measures nothing."""
        script = tmp_path / "train.py"
        script.write_text("loss, acc = 0, 0\ntest_acc: float\n")

        assert computed({"loss": 0, "acc": 0}, script) == {}


class TestOutput:
    def test_puts_the_last_line_last(self) -> None:
        """The last accuracy printed is the one that counts."""
        found = list(from_output([OutputLine("acc: 0.1", 1), OutputLine("val acc: 0.2", 2)], "accuracy", knowing()))

        assert [(one.value, one.data) for one in sorted(found, key=lambda one: one.order)] == [
            (0.1, "unknown"),
            (0.2, "validation"),
        ]

    def test_takes_no_score_for_an_accuracy_that_is_known_as_another(self) -> None:
        """``CV score: 0.93`` is the area under the curve that was asked for; what is called an accuracy is one."""
        area = Measurement("roc_auc", 0.93, DataKind.TEST, "sklearn.roc_auc_score", "traced", 1)
        lines = [OutputLine("CV score: 0.93", 2), OutputLine("Accuracy: 0.93", 3)]

        assert [one.order > 2 for one in from_output(lines, "accuracy", knowing(area))] == [True]


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [
            ("accuracy.txt", "0.93\n", 0.93),
            ("accuracy.txt", "93.5%", 0.935),
            ("accuracy.txt", "98.5", 0.985),
            ("accuracy.txt", "0.91\n0.93\n0.92\n", 0.92),
            ("accuracy.txt", "[0.93]", 0.93),
            ("modelAccuracy.txt", "0.93", 0.93),
            ("acc", "0.5", 0.5),
            ("results.txt", "accuracy = 0.5\nloss = 2", 0.5),
            ("results.txt", "run 1 accuracy: 0.5\nrun 2 accuracy: 0.7\n", 0.7),
            ("result.md", "| accuracy | 0.75 |", 0.75),
            ("scores.yaml", "loss: 1.0\naccuracy: 0.8\n", 0.8),
            ("metrics.json", '{"loss": 1.0, "accuracy": 0.6}', 0.6),
            ("metrics.json", '{"train": {"acc": 0.9}, "test": {"acc": 60}}', 0.6),
            ("metrics.json", '{"test": {"acc": 0.6}, "train": {"acc": 0.9}}', 0.6),
            ("metrics.json", '{"accuracy": {"test": 0.6, "train": 0.9}}', 0.6),
            ("metrics.json", '{"accuracy": [0.1, 0.6]}', 0.6),
            ("metrics.json", '[{"accuracy": 0.1}, {"accuracy": 0.6}]', 0.6),
            ("metrics.json", '{"accuracy": "60.0%"}', 0.6),
            ("metrics.jsonl", '{"accuracy": 0.1}\n{"accuracy": 0.6}\n', 0.6),
            ("results.csv", "model,accuracy\nknn,0.95\nsvm,0.97\n", 0.97),
            ("results.csv", "epoch,train_acc,test_acc\n1,0.5,0.4\n2,0.9,0.8\n", 0.8),
            ("results.csv", "accuracy,0.97\nloss,0.1\n", 0.97),
            ("results.tsv", "accuracy\tloss\n0.97\t0.1\n", 0.97),
            ("out/metrics.json", '{"test": {"acc": 60}}', 0.6),
        ],
    )
    def test_are_read_by_their_kind(self, tmp_path: Path, name: str, text: str, value: float) -> None:
        """A bare number, a labelled one, a table, or JSON; the last that was added, held-out data before others."""
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

        found = list(from_files(tmp_path, [name], (), "accuracy", knowing()))

        assert found[-1].value == pytest.approx(value)
        assert found[-1].source == f"metrics file {name}"
        assert max(found, key=lambda one: one.order) == found[-1]

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("account.txt", "0.5"),
            ("metrics.json", "{broken"),
            ("x.txt", "0.9"),
            ("results.txt", "done in 0.9 s"),
            ("scores.json", '{"loss": 0.3, "epochs": 5}'),
            ("results.csv", "id,prediction\n1,0.5\n2,0.7\n"),
            ("accuracy.txt", ""),
            ("accuracy.txt", "123456"),
        ],
    )
    def test_say_nothing_where_they_are_none(self, tmp_path: Path, name: str, text: str) -> None:
        """Other files, half files and other numbers are no measurement."""
        (tmp_path / name).write_text(text)

        assert not list(from_files(tmp_path, [name], (), "accuracy", knowing()))

    def test_named_by_the_task_come_before_others(self, tmp_path: Path) -> None:
        """The author's word decides between two files."""
        (tmp_path / "accuracy.txt").write_text("0.1")
        (tmp_path / "eval.txt").write_text("0.2")

        found = list(from_files(tmp_path, ["accuracy.txt", "eval.txt"], ("eval.txt",), "accuracy", knowing()))

        assert max(found, key=lambda one: one.order).source == "metrics file eval.txt"

    def test_take_the_data_of_the_measurement_with_the_same_value(self, tmp_path: Path) -> None:
        """An ``accuracy.txt`` with the accuracy of the training rows is a training accuracy."""
        (tmp_path / "accuracy.txt").write_text("98.61")

        (found,) = from_files(tmp_path, ["accuracy.txt"], (), "accuracy", knowing(traced(0.986123, "train")))

        assert found.data == "train"

    def test_tell_the_metric_that_is_wanted(self, tmp_path: Path) -> None:
        """Whatever it is."""
        (tmp_path / "metrics.json").write_text('{"mae": 3.5, "accuracy": 0.1}')

        (found,) = from_files(tmp_path, ["metrics.json"], (), "mae", knowing())

        assert (found.value, found.direction) == (3.5, "minimize")
