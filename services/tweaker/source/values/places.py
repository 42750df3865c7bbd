"""What a value is followed through: expressions in scripts, places in files, and the names and keys between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import Scope

from services.tweaker.source.script import Script


@dataclass(frozen=True)
class At:
    """A node in one of the scripts: an expression, a class, or a whole module."""

    script: Script
    node: cst.CSTNode

    def to(self, node: cst.CSTNode) -> At:
        """Return another node of the same script."""
        return At(self.script, node)

    def __str__(self) -> str:
        """Name it for a person: the code and its line."""
        code = " ".join(self.script.code(self.node).split())
        return f"{code if len(code) < _LONG else code[:_LONG] + '…'} in line {self.script.line(self.node)}"


_LONG = 60


@dataclass(frozen=True)
class InFile:
    """A place in a file that is no script.

    Attributes:
        script: The script that reads the file.
        file: Its name.
        kind: Its format, one of `formats.FORMATS`.
        path: The keys and positions that lead to the value; empty for all of the file.
    """

    script: Script
    file: str
    kind: str
    path: tuple[str | int, ...] = ()


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


Made = type[int | float | str]
"""What a conversion makes of a value."""


@dataclass(frozen=True)
class Step:
    """Where a value is found next, through which names and keys, and what is made of it on the way."""

    to: Spot
    through: tuple[Binding, ...] = ()
    made: Made | None = None


Follow = Callable[[At], Step]
"""Follows an expression to its end: a literal, an object, a file."""

NextStep = Callable[[At], Step | None]
"""Follows an expression by one step; None at its end."""
