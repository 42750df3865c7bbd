"""What a check found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check; *needed* is what nothing works without."""

    name: str
    text: str
    remedy: str = ""
    ok: bool = True
    needed: bool = True


def missing(name: str, text: str, remedy: str, *, needed: bool = True) -> Finding:
    """Return the finding that *name* is not as it should be."""
    return Finding(name, text, remedy, ok=False, needed=needed)
