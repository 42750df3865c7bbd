"""Rows that the script gave to a model, kept until the script has ended, to ask the model about them then."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import Callable, Iterator, Optional, Tuple

from trainprobe.data.identity import DataFingerprint, reference
from trainprobe.foreign import Foreign, numpy

MOST_ROWS = 2000
MOST_BYTES = 16_000_000
MOST_HELD = (
    8 * MOST_BYTES
)  # of rows that are not copied but kept alive; larger ones live as long as the script has them


class UnsplittableError(Exception):
    """The rows can't be split, for the reason given."""


@dataclass(frozen=True)
class Part:
    """Rows and their labels, evenly spread over those that there were."""

    inputs: Foreign
    labels: Foreign


@dataclass(frozen=True)
class Rows:
    """Rows *first* to *last* of what the script gave to a model, with labels; none once it drops or changes them."""

    content: DataFingerprint
    inputs: Callable[[], Foreign]
    labels: Callable[[], Foreign]
    first: int
    last: int

    @classmethod
    def of(cls, inputs: Foreign, labels: Foreign, first: int = 0, last: Optional[int] = None) -> Optional[Rows]:
        """Return the rows of *inputs* with *labels*; None where there are none, or no label for each."""
        rows = rows_of(inputs)
        last = rows if last is None else last
        if not rows or not last or rows_of(labels) != rows or first >= last:
            return None
        return cls(DataFingerprint(inputs), _kept(inputs), _kept(labels), first, last)

    def some(self, most: int) -> Optional[Part]:
        """Return at most *most* rows, evenly spread."""
        inputs, labels = self.inputs(), self.labels()
        if inputs is None or labels is None or not self.content.equals(DataFingerprint(inputs)):
            return None
        chosen = slice(self.first, self.last, max(1, -(-(self.last - self.first) // max(1, most))))
        return Part(_chosen(inputs, chosen), _chosen(labels, chosen))


@dataclass(frozen=True)
class Samples:
    """What the model of a fit is asked about: a copy of some rows, and *rows*, all that were *fitted*.

    *seconds* is how long its training took, *for_a_row* how long a row took each time, 0 where that is not known. An
    output alone above *threshold* means the second of two classes, where the labels of a network *are_classes*.
    """

    library: str
    model: Callable[[], Foreign]
    fitted: Optional[Part]
    seconds: float = 0.0
    for_a_row: float = 0.0
    threshold: float = 0.5
    rows: Optional[Rows] = None
    are_classes: bool = True


def sample(inputs: Foreign, labels: Foreign, last: Optional[int] = None) -> Optional[Part]:
    """Return some rows up to *last*, with their labels if there are any, as a copy; None where that can't be done."""
    rows = rows_of(inputs)
    if rows is None or (labels is not None and rows_of(labels) != rows):
        return None
    last = rows if last is None else last
    most = _most_rows(inputs)
    if most < 1 or last < 1:
        return None
    chosen = slice(0, last, -(-last // most))
    return Part(_chosen(inputs, chosen), _chosen(labels, chosen))


def sample_at(inputs: Foreign, labels: Foreign, places: Foreign) -> Part:
    """Return some of the rows at these *places*, with their labels, as a copy.

    Raises:
        UnsplittableError: there is nothing of which rows could be taken.
    """
    chosen = places[:: max(1, -(-len(places) // max(1, _most_rows(inputs))))]
    return Part(part_of(inputs, chosen), part_of(labels, chosen))


def _most_rows(inputs: Foreign) -> int:
    """Return how many rows of *inputs* are copied at most."""
    return min(MOST_ROWS, MOST_BYTES // max(1, bytes_of(inputs) // max(1, rows_of(inputs) or 0)))


def in_turns(part: Part, most: int) -> Iterator[Part]:
    """Yield the rows of *part*, at most *most* at once, each time spread evenly over all of them."""
    rows = rows_of(part.inputs) or 0
    turns = -(-rows // most)
    for turn in range(turns):
        chosen = slice(turn, rows, turns)
        yield Part(_chosen(part.inputs, chosen), _chosen(part.labels, chosen))


def rows_of(data: Foreign) -> Optional[int]:
    """Return how many rows an array, a frame, a list of rows or the inputs of a model with several have."""
    if several_inputs(data):
        return rows_of(several_inputs(data)[0])
    shape = getattr(data, "shape", None)
    if shape is not None and len(shape) and hasattr(data, "__getitem__"):
        return int(shape[0]) if isinstance(shape[0], int) else None
    return len(data) if isinstance(data, (list, tuple)) else None


def several_inputs(data: Foreign) -> Tuple[Foreign, ...]:
    """Return the inputs of a model with several; none where *data* are those of a model with one."""
    if isinstance(data, dict):
        return tuple(data.values())
    if isinstance(data, (list, tuple)) and data and len(getattr(data[0], "shape", ())) > 1:
        return tuple(data)
    return ()


def _kept(data: Foreign) -> Callable[[], Foreign]:
    return (lambda: data) if bytes_of(data) <= MOST_HELD else reference(data)


def part_of(data: Foreign, places: Foreign) -> Foreign:
    """Return the rows of *data* at these *places*, as a copy.

    Raises:
        UnsplittableError: it is nothing of which rows could be taken.
    """
    if isinstance(data, dict):
        return {name: part_of(value, places) for name, value in data.items()}
    if isinstance(data, (list, tuple)):
        several = several_inputs(data)
        return [part_of(value, places) for value in several] if several else [data[place] for place in places]
    return _indexed(data)[places]


def _indexed(data: Foreign) -> Foreign:
    if hasattr(data, "iloc"):
        return data.iloc
    if hasattr(data, "tocsr"):
        return data.tocsr()
    if isinstance(data, numpy.ndarray) and data.ndim:
        return data
    raise UnsplittableError("the data are of type {}".format(type(data).__name__))  # noqa: EM103 - an error of ours


def bytes_of(data: Foreign) -> int:
    """Return how much memory *data* takes, eight bytes a value."""
    several = several_inputs(data)
    if several:
        return sum(map(bytes_of, several))
    return reduce(mul, map(int, getattr(data, "shape", ())), 8)


def _chosen(data: Foreign, rows: slice) -> Foreign:
    if data is None:
        return None
    if isinstance(data, dict):
        return {name: _chosen(value, rows) for name, value in data.items()}
    if several_inputs(data):
        return [_chosen(value, rows) for value in data]
    return _copied((data.iloc if hasattr(data, "iloc") else data)[rows])


def _copied(part: Foreign) -> Foreign:
    copy = getattr(part, "copy", None) or getattr(part, "clone", None)
    return copy() if copy else part
