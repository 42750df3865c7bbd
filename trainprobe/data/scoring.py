"""Takes a measurement again: on rows drawn with replacement, to see how much it depends on them, and on other rows."""

from __future__ import annotations

import io
import math
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, Optional, Tuple

from trainprobe.data.samples import MOST_BYTES, Part, UnsplittableError, bytes_of, part_of, rows_of
from trainprobe.foreign import Foreign, as_number, numpy, rounded

MOST = 200  # resamples
FEWEST = 20


@dataclass(frozen=True)
class Scoring:
    """A call that returned *metric*: *function* gets its arguments, by name; *rowwise* are those with the rows.

    The first two of these are true labels and predictions where it *compares* them, else inputs and labels, of the
    model of this number.
    """

    metric: str
    value: float
    function: Callable[[Dict[str, Foreign]], Foreign]
    given: Dict[str, Foreign]
    rowwise: Tuple[str, ...]
    compares: bool = False
    model_number: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether its arguments are small enough to be kept until the script has ended."""
        return sum(bytes_of(self.given[name]) for name in self.rowwise) <= MOST_BYTES

    def standard_error(self, seconds: float) -> Optional[float]:
        """Return the bootstrap standard error, or None where it can't be told within about so many *seconds*."""
        with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            try:
                values = list(self._resampled(time.monotonic() + seconds))
            except UnsplittableError:
                return None
        return rounded(numpy.std(values, ddof=1)) if len(values) >= FEWEST else None

    def _resampled(self, end: float) -> Iterator[float]:
        chance = numpy.random.RandomState(0)  # the script's random numbers stay its own
        rows = rows_of(self.given[self.rowwise[0]]) or 0
        for _ in range(MOST):
            if time.monotonic() > end:
                return
            places = chance.randint(0, rows, rows)
            drawn = {name: part_of(self.given[name], places) for name in self.rowwise}
            value = self._value({**self.given, **drawn})
            if value is not None and math.isfinite(value):
                yield value

    def on(self, *rows: Foreign) -> Optional[float]:
        """Return the metric of other rows than those that it was taken on, in the order of *rowwise*."""
        kept = {name: value for name, value in self.given.items() if name not in self.rowwise}
        return self._value({**kept, **dict(zip(self.rowwise, rows))})  # noqa: B905 - Python 3.7 has no strict

    def _value(self, given: Dict[str, Foreign]) -> Optional[float]:
        try:
            return as_number(self.function(given))
        except ValueError:  # the metric is not defined for rows without one of the classes
            return None


@dataclass(frozen=True)
class OnFolds:
    """A mean over folds: *score* of the *model* that was fitted last, on *part* of the rows that it was fitted with.

    *stderr* is the standard error of the mean.
    """

    metric: str
    value: float
    score: Callable[[Foreign, Foreign, Foreign], Foreign]
    model: Callable[[], Foreign]
    part: Part
    stderr: float

    def on(self, inputs: Foreign, labels: Foreign) -> Optional[float]:
        """Return the score on these rows; None where the script has dropped the model."""
        model = self.model()
        return None if model is None else as_number(self.score(model, inputs, labels))
