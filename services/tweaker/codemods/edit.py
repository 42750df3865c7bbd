"""What an edit is: a name, the change, and the setting that it finds in the code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.script import Script

Setting = int | float | str | tuple[int, ...] | None
"""What an edit is told: the new value, or None where there is nothing to choose."""


def _nothing(_: Script) -> Setting:
    """Find no setting."""
    return None


@dataclass(frozen=True)
class Edit:
    """One kind of change to a script.

    Attributes:
        name: What authors call it in `tweaks` of trainyard.toml.
        apply: Returns the changed source for a setting; raises NotUnderstoodError where it leaves the script alone.
        read: Returns the setting as the script has it now; raises NotUnderstoodError where there is none to change.
    """

    name: str
    apply: Callable[[Script, Setting], bytes]
    read: Callable[[Script], Setting] = _nothing


def whole(setting: Setting) -> int:
    """Return a setting that has to be a whole number."""
    if isinstance(setting, bool) or not isinstance(setting, int):
        raise NotUnderstoodError(f"{setting!r} is no whole number")
    return setting


def number(setting: Setting) -> float:
    """Return a setting that has to be a number."""
    if isinstance(setting, bool) or not isinstance(setting, int | float):
        raise NotUnderstoodError(f"{setting!r} is no number")
    return float(setting)
