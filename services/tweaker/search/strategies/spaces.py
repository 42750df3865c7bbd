"""What the strategies that draw share: which knobs there are to turn, and values that read well in a diff."""

from __future__ import annotations

from collections.abc import Mapping

from services.tweaker.edits.registry import edits
from services.tweaker.edits.space import Choice, Space, Whole
from trainyard.trial import Setting

BEFORE = ("scale_inputs", "swap_estimator", "optimizer")
"""What brings its own settings with it, so that it is done before these are changed."""
DIGITS = 3


def spaces_of(settings: Mapping[str, Setting]) -> dict[str, Space]:
    """Return by edit which settings it may be told, in the order in which edits are made together."""
    names = sorted(settings, key=lambda name: (turn(name), name))
    spaces = {name: edits()[name].knob.space(settings[name]) for name in names}
    return {name: space for name, space in spaces.items() if not _is_empty(space)}


def turn(name: str) -> int:
    """Return when an edit's turn is, where several are made together."""
    return BEFORE.index(name) if name in BEFORE else len(BEFORE)


def tidy(value: float, space: Space) -> Setting:
    """Return a number as a person would write it, within its space."""
    if isinstance(space, Choice):
        return value
    if isinstance(space, Whole):
        return min(max(round(value), space.low), space.high)
    return min(max(float(f"{value:.{DIGITS}g}"), space.low), space.high)


def _is_empty(space: Space) -> bool:
    return not space.values if isinstance(space, Choice) else space.low > space.high
