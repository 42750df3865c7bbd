"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        name: The thing.
        said: What was found, in a few words.
        remedy: What to do when it is not well.
        well: Whether it is.
        needed: Whether nothing works without it.
    """

    name: str
    said: str
    remedy: str = ""
    well: bool = True
    needed: bool = True


def missing(name: str, said: str, remedy: str, *, needed: bool = True) -> Finding:
    """Return the finding that *name* is not as it should be."""
    return Finding(name, said, remedy, well=False, needed=needed)
