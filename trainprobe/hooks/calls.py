"""Wraps a function or method of a library so that it still looks like itself."""

from __future__ import annotations

import functools
import inspect
from typing import Callable, Dict

from trainprobe.foreign import Foreign



def wrap(owner: Foreign, name: str, make: Callable[[Callable[..., Foreign]], Callable[..., Foreign]]) -> None:
    """Replace ``owner.name`` by what *make* makes of it; nothing happens where there is no such name."""
    original = owner.__dict__.get(name)
    if inspect.isfunction(original) and not hasattr(original, "trainprobe"):
        replacement = functools.wraps(original)(make(original))
        replacement.trainprobe = True  # type: ignore[attr-defined]
        setattr(owner, name, replacement)


def arguments(function: Callable[..., Foreign], args: Foreign, kwargs: Foreign) -> Dict[str, Foreign]:
    """Return the call's arguments by name, without defaults; empty if the call is wrong (it will say so itself)."""
    try:
        return dict(inspect.signature(function).bind_partial(*args, **kwargs).arguments)
    except TypeError:
        return {}
