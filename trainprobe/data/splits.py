"""The splits of a script's rows into a part to train with and a part to test with."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import Deque, Dict, List, Optional, Sequence, Tuple

from trainprobe.data.content import content_of
from trainprobe.data.evaluated import UNKNOWN_ROWS, Evaluated, evaluated
from trainprobe.data.fits import Fit
from trainprobe.data.identity import DataFingerprint, row_shape
from trainprobe.data.samples import rows_of
from trainprobe.foreign import Foreign

MOST = 4  # splits, whose parts to test with are kept
_TESTED = {"train": "test", "Train": "Test", "TRAIN": "TEST"}


@dataclass(frozen=True)
class _Pair:
    """Inputs, or labels: the part to train with, which is not kept alive, and the part to test with."""

    fitted: DataFingerprint
    tested: Foreign


class Splits:
    """The latest splits of a script."""

    def __init__(self) -> None:
        self._splits: Deque[List[_Pair]] = deque(maxlen=MOST)

    def add(self, fitted: Sequence[Foreign], tested: Sequence[Foreign]) -> None:
        """Record a split of inputs, labels and so on; both sequences have the same order."""
        pairs = zip(fitted, tested)  # noqa: B905 - Python 3.7 has no strict
        self._splits.append([_Pair(DataFingerprint(one), other) for one, other in pairs])

    def evaluated(self, rows: int) -> Evaluated:
        """Return what is known of the latest part to test with that has so many rows; nothing if there is none."""
        tested = ([one.tested for one in pairs[:2]] for pairs in reversed(self._splits) if len(pairs) > 1)
        known = (evaluated(*parts) for parts in tested if rows_of(parts[0]) == rows)
        return next(known, UNKNOWN_ROWS)

    def test_part(self, fit: Fit, variables: Dict[str, Foreign]) -> Optional[Tuple[Foreign, Foreign]]:
        """Return inputs and labels to test with of the split whose part to train with *fit* was given; None if unsure.

        What the script has transformed is looked for among its *variables*, by its name.
        """
        for pairs in reversed(self._splits):
            if any(one.fitted.is_same(seen) for one in pairs for seen in (fit.inputs, fit.labels)):
                parts = [_counterpart(seen, pairs, variables) for seen in (fit.inputs, fit.labels)]
                if None not in map(rows_of, parts) and rows_of(parts[0]) == rows_of(parts[1]):
                    return parts[0], parts[1]
        return None


def _counterpart(seen: DataFingerprint, pairs: Sequence[_Pair], variables: Dict[str, Foreign]) -> Foreign:
    """Return what is to test with where *seen* was trained with; None where that is not certain."""
    of_split = [one.tested for one in pairs if one.fitted.is_same(seen)]
    named = [(value, variables.get(_tested_name(name))) for name, value in list(variables.items())]
    alike_named = [other for value, other in named if other is not None and seen.holds(value)]
    transformed = [one for one in alike_named if not any(one is pair.tested for pair in pairs)]
    alike = [one for one in (*of_split, *transformed) if row_shape(content_of(one)) == seen.row_shape]
    return alike[0] if alike else None


def _tested_name(name: str) -> str:
    """Return ``X_test`` for ``X_train``; nothing for what is not named after the training."""
    renamed, found = re.subn("(train|Train|TRAIN)(?:ing|ING)?", lambda match: _TESTED[match.group(1)], name)
    return renamed if found else ""
