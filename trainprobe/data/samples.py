"""A few rows of what a model was fitted with, kept until the script has ended, to ask the model about them then."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import mul
from typing import Callable, Iterator, Optional, Tuple

from trainprobe.foreign import Foreign

MOST_ROWS = 2000
MOST_BYTES = 16_000_000


@dataclass(frozen=True)
class Part:
    """Rows and their labels, evenly spread over those that there were."""

    inputs: Foreign
    labels: Foreign


@dataclass(frozen=True)
class Samples:
    """What the model of a fit is asked about.

    *seconds* is how long its training took, *for_a_row* how long a row took each time, 0 where that is not known. An
    output alone above *threshold* means the second of two classes.
    """

    library: str
    model: Callable[[], Foreign]
    fitted: Optional[Part]
    seconds: float = 0.0
    for_a_row: float = 0.0
    threshold: float = 0.5


def sample(inputs: Foreign, labels: Foreign, last: Optional[int] = None) -> Optional[Part]:
    """Return some rows up to *last*, with their labels if there are any, as a copy; None where that can't be done."""
    rows = rows_of(inputs)
    if rows is None or (labels is not None and rows_of(labels) != rows):
        return None
    last = rows if last is None else last
    most = min(MOST_ROWS, MOST_BYTES // max(1, _bytes_of(inputs) // max(1, rows)))
    if most < 1 or last < 1:
        return None
    chosen = slice(0, last, -(-last // most))
    return Part(_chosen(inputs, chosen), _chosen(labels, chosen))


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


def _bytes_of(data: Foreign) -> int:
    several = several_inputs(data)
    if several:
        return sum(map(_bytes_of, several))
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
