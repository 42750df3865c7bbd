"""One step on the way of a value: from an expression to the next, through names and keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from libcst.metadata import Scope

from services.tweaker.source.script import At, Conversion, InFile, Script

Spot = At | InFile


@dataclass(frozen=True)
class Var:
    """A name in a scope; *whole* where it stands for an object of which the value is a part."""

    script: Script
    name: str
    scope: Scope
    whole: bool = False


@dataclass(frozen=True)
class Key:
    """A key, an attribute or an option, by its name alone: wherever it is read, it may be this one."""

    script: Script
    name: str
    whole: bool = False


Binding = Var | Key


@dataclass(frozen=True)
class Step:
    """Where a value is found next, through which names and keys, and what it is converted to on the way."""

    to: Spot
    through: tuple[Binding, ...] = ()
    conversion: Conversion | None = None

    @property
    def only_converts(self) -> bool:
        """Whether it leads through no name or key, but through a conversion."""
        return self.conversion is not None and not self.through

    def after(self, *earlier: Binding) -> Step:
        """Return this step with the names and keys that lead to where it begins."""
        return replace(self, through=(*earlier, *self.through))


Follow = Callable[[At], Step]
"""Follows an expression to its end: a literal, an object, a file."""

NextStep = Callable[[At], Step | None]
"""Follows an expression by one step; None at its end."""
