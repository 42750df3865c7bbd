"""Whether two objects hold the same data."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from trainprobe.data.identity import DataFingerprint

ROWS = np.arange(60.0).reshape(20, 3)


class TestSeen:
    @pytest.mark.parametrize(
        "other",
        [
            ROWS,
            ROWS.copy(),
            ROWS[:10],
            ROWS.astype("float32"),
            ROWS.tolist(),
            pd.DataFrame(ROWS),
            {"input": ROWS, "other": ROWS + 1},
        ],
        ids=["itself", "a copy", "a view", "as float32", "as lists", "as a frame", "by name"],
    )
    def test_holds_the_same_rows_in_other_clothes(self, other: Any) -> None:
        """Identity, memory or content, whatever the type."""
        assert DataFingerprint(ROWS).holds(other)

    @pytest.mark.parametrize("other", [None, ROWS + 1, ROWS[:10].copy(), ROWS[::-1].copy(), object(), [[1], [1, 2]]])
    def test_holds_nothing_else(self, other: Any) -> None:
        """Other values, another number of rows, no data at all."""
        assert not DataFingerprint(ROWS).holds(other)

    def test_tells_two_halves_of_one_array_apart(self) -> None:
        """Training and test rows are often views of one table."""
        assert not DataFingerprint(ROWS[:10]).holds(ROWS[10:])
        assert not DataFingerprint(ROWS[::2]).holds(ROWS[1::2])

    def test_knows_classes_behind_one_hot_labels(self) -> None:
        """Networks are fitted with the one and compared by the other."""
        classes = np.asarray([0, 2, 1, 1])

        assert DataFingerprint(np.eye(3)[classes]).holds(classes)

    def test_knows_text(self) -> None:
        """Labels may be words."""
        assert DataFingerprint(pd.Series(["a", "b"])).holds(["a", "b"])

    def test_knows_a_dataset_by_identity(self) -> None:
        """What has no content to compare is the same only if it is the same object."""

        class Dataset:
            pass

        dataset = Dataset()
        seen = DataFingerprint(dataset)

        assert seen.holds(dataset)
        assert not seen.holds(Dataset())

    def test_does_not_keep_data_alive(self) -> None:
        """A script's memory is its own."""
        data = np.zeros(1000)
        seen = DataFingerprint(data)

        del data

        assert seen._array() is None
