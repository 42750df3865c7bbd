"""Facts about equal rows: how many there are, and how many no model can learn."""

from __future__ import annotations

import sys
from typing import Dict

from trainprobe.data import TABLE
from trainprobe.foreign import Foreign
from trainprobe.rows import hashes_of

MOST_ROWS = 20_000
MOST_ELEMENTS = 4_000_000


def describe_rows(inputs: Foreign, labels: Foreign) -> Dict[str, object]:
    """Return the share of rows that equal another, and of those that then have another label than it.

    *labels* are None where they are no classes. Of more rows than can be compared cheaply nothing is said.
    """
    if not inputs.size or inputs.shape[0] > MOST_ROWS or inputs.size > MOST_ELEMENTS:
        return {}
    hashes = hashes_of(inputs)
    numpy: Foreign = sys.modules["numpy"]
    _, group, sizes = numpy.unique(hashes, return_inverse=True, return_counts=True)
    group = group.reshape(-1)
    facts: Dict[str, object] = {"duplicates": _share(sizes[group] > 1)}
    if labels is not None and labels.shape[0] == inputs.shape[0]:
        _, classes = numpy.unique(_classes(labels), return_inverse=True)
        pairs = numpy.unique(numpy.stack([group, classes.reshape(-1)]), axis=1)
        facts["conflicts"] = _share(numpy.bincount(pairs[0], minlength=len(sizes))[group] > 1)
    return facts


def _classes(labels: Foreign) -> Foreign:
    if labels.ndim == TABLE and labels.shape[1] > 1:
        return labels.argmax(axis=1)
    return labels.reshape(-1) if labels.dtype.kind in "biuf" else labels.reshape(-1).astype(str)


def _share(rows: Foreign) -> float:
    return round(float(rows.mean()), 4)
