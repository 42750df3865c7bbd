"""Measurements found after the script has ended: variables, files, output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from trainprobe.heard import Line
from trainprobe.sources.matching import Known
from trainprobe.sources.printed import from_output
from trainprobe.sources.variables import computed, from_variables
from trainprobe.sources.written import from_files
from trainprobe.task import Wanted
from trainprobe.trace import Measurement, Trace


def traced(value: float, data: str) -> Measurement:
    return Measurement("accuracy", value, data, "keras.evaluate", "traced", 1)


def knowing(*seen: Measurement, **lists: Any) -> Known:
    return Known(Trace(), seen, lists)


class TestVariables:
    def test_takes_the_data_of_the_measurement_with_the_same_value(self) -> None:
        """``acc = model.evaluate(X, y)[1]`` on the training arrays is a training accuracy."""
        seen = [traced(0.75, "test"), traced(0.3988763988018036, "train")]

        (found,) = from_variables({"acc": 0.3988763988018036}, knowing(*seen), None)

        assert (found.data, found.source) == ("train", "variable acc")

    def test_knows_a_measurement_in_percent_and_rounded(self) -> None:
        """``acc = round(score * 100, 2)`` is that score."""
        (found,) = from_variables({"acc": 97.78}, knowing(traced(0.9777777, "test")), None)

        assert (found.value, found.data) == (0.9778, "test")

    def test_takes_the_data_from_its_name_otherwise(self) -> None:
        """A value that was not seen elsewhere may still say what it is."""
        (found,) = from_variables({"test_accuracy": 0.9}, knowing(), None)

        assert found.data == "test"

    @pytest.mark.parametrize(
        "variables", [{"acc": True}, {"acc": [0.5]}, {"acc": "0.5"}, {"account": 0.5}, {"acc": 1234.0}, {"x": 0.5}]
    )
    def test_takes_only_plausible_numbers_with_telling_names(self, variables: dict[str, Any]) -> None:
        """Nothing is better than a wrong accuracy."""
        assert not list(from_variables(variables, knowing(), None))

    def test_takes_no_count_for_percent(self) -> None:
        """``acc = sum(predicted == y)`` are 33 rows, ``round(score * 100)`` is a score that was seen."""
        assert not list(from_variables({"acc": 33, "test_acc": np.int64(33)}, knowing(), None))

        (found,) = from_variables({"acc": 97}, knowing(traced(0.9722, "test")), None)
        assert (found.value, found.data) == (0.97, "test")

    def test_finds_a_named_metric(self) -> None:
        """Where the author names another metric, a variable of that name is one."""
        (found, *_) = from_variables({"rmse": 12.5, "acc": 0.4}, knowing(), Wanted("rmse"))

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
        found = list(from_output([Line("acc: 0.1", 1), Line("val acc: 0.2", 2)], None))

        assert [(one.value, one.data) for one in sorted(found, key=lambda one: one.order)] == [
            (0.1, "unknown"),
            (0.2, "validation"),
        ]


class TestFiles:
    @pytest.mark.parametrize(
        ("name", "text", "value"),
        [
            ("accuracy.txt", "0.93\n", 0.93),
            ("accuracy.txt", "93.5%", 0.935),
            ("results.txt", "accuracy = 0.5\nloss = 2", 0.5),
            ("metrics.json", '{"loss": 1.0, "accuracy": 0.6}', 0.6),
            ("out/metrics.json", '{"test": {"acc": 60}}', 0.6),
        ],
    )
    def test_are_read_by_their_kind(self, tmp_path: Path, name: str, text: str, value: float) -> None:
        """A bare number, a labelled one, or JSON."""
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

        (found,) = from_files(tmp_path, [name], (), None)

        assert found.value == pytest.approx(value)
        assert found.source == f"metrics file {name}"

    @pytest.mark.parametrize(("name", "text"), [("account.txt", "0.5"), ("metrics.json", "{broken"), ("x.txt", "0.9")])
    def test_say_nothing_where_they_are_none(self, tmp_path: Path, name: str, text: str) -> None:
        """Other files, and half files, are no measurement."""
        (tmp_path / name).write_text(text)

        assert not list(from_files(tmp_path, [name], (), None))

    def test_named_by_the_task_come_before_others(self, tmp_path: Path) -> None:
        """The author's word decides between two files."""
        (tmp_path / "accuracy.txt").write_text("0.1")
        (tmp_path / "eval.txt").write_text("0.2")

        found = list(from_files(tmp_path, ["accuracy.txt", "eval.txt"], ("eval.txt",), None))

        assert max(found, key=lambda one: one.order).source == "metrics file eval.txt"
