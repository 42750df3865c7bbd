"""Whether the rows of one table are among those of another."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from trainprobe.data.identity import MOST_KEPT, RowHashes, hashes_of

random = np.random.default_rng(1)
TABLE = random.normal(size=(200, 4))


class TestRows:
    @pytest.mark.parametrize(
        "part",
        [TABLE, TABLE[10:40].copy(), TABLE[::-1], TABLE[random.permutation(200)[:50]], TABLE[:20].astype("float32")],
        ids=["all", "a part", "backwards", "shuffled", "as float32"],
    )
    def test_hold_a_part_in_any_order(self, part: Any) -> None:
        """What was fitted is known again where a split came too late."""
        assert RowHashes(TABLE).hold(hashes_of(part))
        assert RowHashes(pd.DataFrame(TABLE)).hold(hashes_of(part))

    @pytest.mark.parametrize("other", [TABLE + 1, TABLE[:, :3], np.vstack([TABLE[:50], TABLE[:50] + 1]), None, [], "x"])
    def test_hold_nothing_else(self, other: Any) -> None:
        """Other rows, other columns, half of them, no rows at all."""
        assert not RowHashes(TABLE).hold(hashes_of(other))

    def test_are_known_to_be_within_a_larger_table(self) -> None:
        """A model that is measured on everything is measured on what it was fitted with too."""
        fitted = RowHashes(TABLE[:150])

        assert fitted.are_in(hashes_of(TABLE[::-1]))
        assert not fitted.are_in(hashes_of(TABLE[20:]))
        assert not fitted.are_in(hashes_of(TABLE + 1))
        assert not fitted.are_in(None)

    def test_tell_nothing_where_rows_repeat(self) -> None:
        """Of a table of a few categories, every held-out row was fitted by chance."""
        categories = random.integers(0, 2, size=(200, 3))

        assert not RowHashes(categories[:150]).hold(hashes_of(categories[150:]))

    def test_know_text(self) -> None:
        """Documents go into a pipeline as they are."""
        texts = [f"text {number}" for number in range(20)]

        assert RowHashes(texts).hold(hashes_of(texts[5:9]))
        assert not RowHashes(texts[:15]).hold(hashes_of(texts[15:]))

    def test_are_bounded(self) -> None:
        """Of a long table only some rows are kept, and its parts are still told."""
        long = np.arange(10 * MOST_KEPT, dtype="float64").reshape(-1, 1)
        rows = RowHashes(long[: 8 * MOST_KEPT])

        assert rows._kept.size < 1.1 * MOST_KEPT
        assert rows.hold(hashes_of(long[500:1500]))
        assert not rows.hold(hashes_of(long[8 * MOST_KEPT :]))

    def test_say_nothing_on_the_streams(self, recwarn: pytest.WarningsRecorder) -> None:
        """A number too large for float32 is the script's business."""
        RowHashes(np.asarray([[1e300], [2.0]]))

        assert not list(recwarn)
