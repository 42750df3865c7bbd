"""What lies in datasets, generators and loaders."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from trainprobe.data.content import content_of

ROWS = np.arange(60.0).reshape(20, 3)
LABELS = np.arange(20) % 2


class Sequence:
    """One of the author's own: rows, labels and the order in which they are given out."""

    def __init__(self, rows: Any) -> None:
        self.order = np.arange(len(rows) * 10)
        self.labels = LABELS
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> Any:
        return self.rows[index]


class Odd:
    """Raises whatever is asked of it."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


def batches(rows: Any, size: int) -> Iterator[Any]:
    for at in range(0, len(rows), size):
        yield rows[at : at + size]


def forever() -> Iterator[int]:
    while True:
        yield 1


class TestContent:
    @pytest.mark.parametrize(
        "data",
        [
            ROWS,
            Sequence(ROWS),
            batches(ROWS, 5),
            SimpleNamespace(x=ROWS, batch_size=5, n=20),
            SimpleNamespace(dataset=SimpleNamespace(tensors=(ROWS, LABELS)), sampler=SimpleNamespace()),
            SimpleNamespace(get_label=lambda: LABELS, data=ROWS),
        ],
        ids=["an array", "a sequence", "a generator", "Keras's iterator", "a loader", "a matrix with labels"],
    )
    def test_is_the_rows(self, data: Any) -> None:
        """Whatever goes through them."""
        assert np.array_equal(content_of(data), ROWS)

    def test_is_the_part_that_a_loader_was_given(self) -> None:
        """Two parts of one dataset are not the same rows."""
        whole = SimpleNamespace(tensors=(ROWS, LABELS))
        part = SimpleNamespace(dataset=whole, indices=[3, 1])
        sampled = SimpleNamespace(dataset=whole, sampler=SimpleNamespace(indices=[3, 1]))

        assert np.array_equal(content_of(part), ROWS[[3, 1]])
        assert np.array_equal(content_of(sampled), ROWS[[3, 1]])

    def test_is_the_names_of_files(self) -> None:
        """Pictures are told by where they lie."""
        assert content_of(SimpleNamespace(filepaths=["a/1.png", "b/1.png"])).tolist() == ["a/1.png", "b/1.png"]

    @pytest.mark.parametrize("data", [None, object(), forever(), 3, "text", lambda: ROWS])
    def test_is_unknown_otherwise(self, data: Any) -> None:
        """What can't be looked at is never guessed, and never in the script's way."""
        assert content_of(data) is None

    def test_is_unknown_where_an_object_resists(self) -> None:
        """Whatever it raises stays with it."""
        assert content_of(Odd()) is None
