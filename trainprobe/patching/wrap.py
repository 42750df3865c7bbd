"""Replaces functions and methods of libraries by ones that look like them."""

from __future__ import annotations

import functools
import inspect
import sys
from types import ModuleType
from typing import Callable, Dict, Mapping, Optional

from trainprobe.foreign import Foreign

Function = Callable[..., Foreign]


def wrap(owner: Foreign, name: str, make: Callable[[Function], Function]) -> None:
    """Replace the function ``owner.name`` by what *make* makes of it, once; do nothing where *owner* itself has none.

    A module's function is also replaced in the modules that have imported it already.
    """
    original = owner.__dict__.get(name)
    if inspect.isfunction(original):
        setattr(owner, name, _wrapped(original, make))
        if isinstance(owner, ModuleType):
            _replace_imported(name, original, owner.__dict__[name])
    elif inspect.isfunction(getattr(original, "fn", None)):  # scikit-learn's methods that are there under a condition
        original.fn = _wrapped(original.fn, make)


def _replace_imported(name: str, original: Function, replacement: Function) -> None:
    for module in list(sys.modules.values()):
        if getattr(module, "__dict__", {}).get(name) is original:
            setattr(module, name, replacement)


def arguments(function: Function, args: Foreign, kwargs: Foreign) -> Dict[str, Foreign]:
    """Return the call's arguments by name, without defaults; empty if the call is wrong, and will raise by itself."""
    try:
        return dict(inspect.signature(function).bind_partial(*args, **kwargs).arguments)
    except TypeError:
        return {}


def call_with(function: Function, given: Dict[str, Foreign]) -> Foreign:
    """Call *function* with arguments as `arguments` returns them."""
    bound = inspect.signature(function).bind_partial()
    bound.arguments.update(given)
    return function(*bound.args, **bound.kwargs)


def _wrapped(original: Foreign, make: Callable[[Function], Function]) -> Function:
    if hasattr(original, "trainprobe"):
        return original  # type: ignore[no-any-return]
    replacement = functools.wraps(original)(make(original))
    replacement.trainprobe = True  # type: ignore[attr-defined]
    return replacement


def replace(owner: Foreign, name: str, make: Callable[[Function], Function]) -> None:
    """Replace ``owner.name``, inherited or not, by what *make* makes of it."""
    original = getattr(owner, name)
    setattr(owner, name, functools.wraps(original)(make(original)))


def around(function: Function, *bound: Foreign) -> Callable[[Function], Function]:
    """Return a maker for `wrap` and `replace`: *function* is called instead, behind *bound* with the original first."""

    def make(original: Function) -> Function:
        def call(*args: Foreign, **kwargs: Foreign) -> Foreign:
            return function(*bound, original, *args, **kwargs)

        return call

    return make


def renamed(given: Dict[str, Foreign], names: Mapping[str, Optional[str]]) -> Dict[str, Foreign]:
    """Return the keywords *given* under their new *names*, without those that have None."""
    now: Dict[str, Foreign] = {}
    for name, value in given.items():
        new = names.get(name, name)
        if new is not None and (new == name or new not in given):
            now[new] = value
    return now
