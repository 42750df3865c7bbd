"""Notebooks: what a cell prints or ends with, without a word for it."""

from pathlib import Path

import pytest

from tests.unit.trainprobe.probing import Trial
from tests.unit.trainprobe.test_notebook import a_notebook

BY_HAND = (
    "rows = [(0.2, 0), (0.9, 1), (0.7, 0), (0.8, 1)]",
    "right = sum(int(x > 0.5) == y for x, y in rows)",
)


class TestACell:
    @pytest.mark.parametrize("cell", ["print(right / len(rows))", "right / len(rows)", "accuracy = right / len(rows)"])
    def test_tells_an_accuracy_by_its_own_words(self, tmp_path: Path, cell: str) -> None:
        """Printed, shown as the cell's result, or kept."""
        run = Trial(tmp_path / "trial", {"a.ipynb": a_notebook(*BY_HAND, cell)}, entrypoint="a.ipynb").run()

        assert run.measurement["value"] == 0.75
