"""Puts the words of an old call into new ones."""

from __future__ import annotations

import functools
import math
from typing import Callable, Dict, Optional

from trainprobe.foreign import Foreign
from trainprobe.hooks.calls import Function


def replace(owner: Foreign, name: str, make: Callable[[Function], Function]) -> None:
    """Let ``owner.name`` be what *make* makes of it, with the looks of the original."""
    original = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(make(original)))


def renamed(given: Dict[str, Foreign], names: Dict[str, Optional[str]]) -> Dict[str, Foreign]:
    """Return the keywords *given* under their new *names*; those without one are dropped."""
    now: Dict[str, Foreign] = {}
    for name, value in given.items():
        new = names.get(name, name)
        if new is not None and (new == name or new not in given):
            now[new] = value
    return now


def whole(number: Foreign) -> Foreign:
    """Return a count that was computed by a division as an integer; old Keras counted up to it."""
    return math.ceil(number) if isinstance(number, float) else number
