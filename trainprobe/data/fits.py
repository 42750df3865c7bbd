"""The fits of a script, and the data that each was given."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Dict, List, Sequence, Tuple

from trainprobe.call_site import Calls
from trainprobe.data.evaluated import UNKNOWN_ROWS, Evaluated, evaluated
from trainprobe.data.identity import DataFingerprint, RowHashes, hashes_of
from trainprobe.foreign import Foreign

Curves = Dict[str, List[float]]
MOST_POINTS = 20_000


@dataclass
class Fit:
    """One call of ``fit`` by the script, the outermost if they were nested.

    *model* returns the model as long as it lives, and *model_number* identifies it. *calls* is where the author's code
    called it. *holds_nothing_out* is true where the validation data are the training data, *is_fold* where another fit
    was given the validation data. *restored* is the epoch, from 0, whose weights a callback put back at the end; -1,
    the last one, where none did.
    """

    library: str
    model: Foreign
    inputs: DataFingerprint
    rows: RowHashes
    labels: DataFingerprint
    curves: Curves = field(default_factory=dict)
    finished: bool = False
    order: int = 0
    described: str = ""
    model_number: int = 0
    held_out: Tuple[DataFingerprint, ...] = ()
    is_fold: bool = False
    holds_nothing_out: bool = False
    seconds: float = 0.0
    validated_on: Evaluated = UNKNOWN_ROWS
    restored: int = -1
    calls: Calls = ()

    def add_point(self, curve: str, value: float) -> None:
        """Add *value* to a *curve* of a loop, which may be long: of too many points every other is dropped."""
        points = self.curves.setdefault(curve, [])
        if len(points) >= MOST_POINTS:
            del points[::2]
        points.append(value)

    def is_of(self, model: Foreign) -> bool:
        """Return whether it was *model*, perhaps None, that was fitted."""
        return model is not None and self.model() is model

    def validate_with(self, data: Foreign, others: Sequence[Fit]) -> None:
        """Note the validation *data*, inputs alone or with labels; *others* are fits that may have been given it."""
        parts = data[:2] if isinstance(data, (list, tuple)) else [data]
        self.held_out = tuple(DataFingerprint(part) for part in parts)
        self.validated_on = evaluated(*parts)
        self.holds_nothing_out = self.inputs.holds(parts[0])
        hashes = hashes_of(parts[0])
        self.is_fold = any(other.rows.hold(hashes) for other in others if other is not self)

    def was_validated_with(self, *parts: Foreign) -> bool:
        """Return whether any of *parts*, inputs or labels, is validation data of this fit."""
        return any(held_out.holds(part) for held_out in self.held_out for part in parts)
