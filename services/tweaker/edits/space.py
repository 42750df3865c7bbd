"""The values that a setting may take: what random search and TPE draw from, and what a diagnosis narrows down."""

from collections.abc import Callable
from dataclasses import dataclass

from trainyard.trial import Setting


@dataclass(frozen=True)
class Whole:
    """Whole numbers from *low* to *high*, both included; *log* where their ratio counts, not their difference."""

    low: int
    high: int
    log: bool = True


@dataclass(frozen=True)
class Real:
    """Numbers from *low* to *high*; *log* where their ratio counts, not their difference."""

    low: float
    high: float
    log: bool = True


@dataclass(frozen=True)
class Choice:
    """One of these; a single one where there is nothing to choose but whether to make the edit."""

    values: tuple[Setting, ...] = (None,)


Space = Whole | Real | Choice


def others(*names: Setting) -> Callable[[Setting], Space]:
    """Return a choice of the names but the current one."""
    return lambda before: Choice(tuple(name for name in names if name != before))


def positive(before: Setting, otherwise: float) -> float:
    """Return the current setting if it is a positive number, else another one."""
    return float(before) if isinstance(before, int | float) and before > 0 else otherwise


def widest(before: Setting) -> int:
    """Return the most units that a layer has; 16 where there is none."""
    return max(before) if isinstance(before, tuple) and before else 16
