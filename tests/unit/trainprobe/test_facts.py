"""Facts about the data."""

import numpy as np
import pytest

from trainprobe.facts.data import MOST_COLUMNS, describe_inputs, describe_labels, describe_rows
from trainprobe.results.result import bounded, thinned

random = np.random.default_rng(1)
SCALED = random.normal(size=(100, 4))


class TestInputs:
    def test_have_rows_shape_and_columns(self) -> None:
        """The first 64 columns each by four numbers."""
        facts = describe_inputs(np.asarray([[1.0, 5.0], [3.0, 5.0]]))

        assert (facts["rows"], facts["shape"], facts["missing"]) == (2, [2], 0)
        assert facts["columns"] == [
            {"min": 1.0, "max": 3.0, "mean": 2.0, "std": 1.0},
            {"min": 5.0, "max": 5.0, "mean": 5.0, "std": 0.0},
        ]

    def test_are_bounded(self) -> None:
        """A table of a thousand columns has no facts of a megabyte."""
        columns = describe_inputs(np.ones((5, 1000)))["columns"]

        assert len(columns) == MOST_COLUMNS  # type: ignore[arg-type]

    @pytest.mark.parametrize("table", [SCALED * 300, SCALED + 50, SCALED * [1, 1, 5, 0.01], SCALED * 1e-4])
    def test_are_unscaled(self, table: np.ndarray) -> None:
        """Large, far off, unlike each other, or tiny."""
        assert describe_inputs(table)["unscaled"] is True

    @pytest.mark.parametrize(
        "table", [SCALED, np.abs(SCALED) / 4, np.eye(4)[random.integers(0, 4, 100)], np.ones((3, 2))]
    )
    def test_are_scaled(self, table: np.ndarray) -> None:
        """Standardised, between 0 and 1, one-hot, constant."""
        assert describe_inputs(table)["unscaled"] is False

    def test_of_images_are_judged_by_all_pixels(self) -> None:
        """0 to 255 is unscaled, 0 to 1 is not."""
        images = random.integers(0, 256, size=(10, 8, 8, 1)).astype("uint8")

        assert describe_inputs(images)["unscaled"] is True
        assert describe_inputs(images / 255)["unscaled"] is False
        assert "columns" not in describe_inputs(images)

    def test_may_be_text_or_missing(self) -> None:
        """What can't be computed is left out; rows with gaps are counted."""
        assert describe_inputs(np.asarray([["a"], ["b"]])) == {"rows": 2, "shape": [1]}
        assert describe_inputs(np.asarray([[np.nan, 1.0], [2.0, 2.0]]))["missing"] == 1


class TestLabels:
    @pytest.mark.parametrize(
        ("labels", "encoding", "counts"),
        [
            (np.eye(3)[[0, 1, 1, 2]], "one-hot", [1, 2, 1]),
            (np.asarray([3, 1, 1, 2]), "integer", [2, 1, 1]),
            (np.asarray([[0.0], [1.0], [1.0]]), "binary", [1, 2]),
            (np.asarray(["yes", "no"]), "text", [1, 1]),
        ],
    )
    def test_have_classes(self, labels: np.ndarray, encoding: str, counts: list[int]) -> None:
        """How many rows each class has, and how it is written."""
        facts = describe_labels(labels)

        assert (facts["classes"], facts["counts"], facts["encoding"]) == (len(counts), counts, encoding)

    def test_have_a_highest(self) -> None:
        """Classes that do not begin at 0 are a mistake with some losses."""
        assert describe_labels(np.asarray([3, 1, 1, 2]))["highest"] == 3.0

    def test_may_be_continuous(self) -> None:
        """Then it is a regression."""
        assert describe_labels(SCALED[:, 0])["encoding"] == "continuous"
        assert describe_labels(np.arange(100))["distinct"] == 100

    def test_have_a_range_as_amounts(self) -> None:
        """However small they are; gaps do not count."""
        facts = describe_labels(np.asarray([[1e-9, 3.5e-9], [2e-9, np.nan]]))

        assert facts == {
            "width": 2, "encoding": "continuous", "distinct": 4,
            "lowest": 1e-9, "highest": 3.5e-9, "mean": 2.16667e-9, "std": 1.02740e-9,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("labels", "encoding"),
        [
            ([[1, 1, 0], [0, 1, 0]], "multi-label"),
            ([[0.9, 0.05, 0.05], [0.2, 0.2, 0.6]], "probabilities"),
            ([[3, 1, 0, 0], [2, 2, 5, 0]], "integer"),
            ([[0.5, 17.0], [0.25, 40.0]], "continuous"),
        ],
    )
    def test_may_have_several_columns(self, labels: list[list[float]], encoding: str) -> None:
        """Which are no classes of the row: several, none, shares, one for each step, or amounts."""
        facts = describe_labels(np.asarray(labels))

        assert (facts["encoding"], facts["width"], "classes" in facts) == (encoding, len(labels[0]), False)

    def test_may_be_a_class_for_each_step(self) -> None:
        """Of which the row has no single one that another row could contradict."""
        tags = np.asarray([[[0], [2]], [[1], [2]], [[0], [1]]])

        for labels in (tags, np.eye(3)[tags[..., 0]]):
            assert describe_labels(labels)["counts"] == [2, 2, 2]
            assert describe_rows(np.zeros((3, 4)), labels) == {"repeated": 0.6667}


class TestBounds:
    def test_of_curves_keep_first_and_last(self) -> None:
        """At most 200 points, evenly spread."""
        points = thinned([float(number) for number in range(1001)])

        assert (len(points), points[0], points[-1]) == (200, 0.0, 1000.0)
        assert thinned([1.0, 2.0]) == [1.0, 2.0]

    def test_of_facts_drop_the_largest(self) -> None:
        """What is left fits into a message; lists are cut before a whole section goes."""
        assert bounded({"small": 1, "large": "x" * 20_000}) == {"small": 1}
        assert bounded({"inputs": {"rows": 3, "columns": [1.25] * 6000}}) == {
            "inputs": {"rows": 3, "columns": [1.25] * 1500}
        }
