"""What an edit is: a knob, how the code turns it, and where the code has it now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.tweaker.edits.knobs import Knob
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

T = TypeVar("T")


def _nothing(_: Script) -> Setting:
    """Find no setting."""
    return None


@dataclass(frozen=True)
class Edit:
    """One kind of change to a script and to the files that it reads its settings from.

    Attributes:
        knob: What it turns.
        apply: Returns the changed files by their names for a setting; raises NotUnderstoodError where it leaves the
            script alone.
        read: Returns the setting as the script has it now; raises NotUnderstoodError where there is none to change.
    """

    knob: Knob
    apply: Callable[[Script, Setting], Edited]
    read: Callable[[Script], Setting] = _nothing

    @property
    def name(self) -> str:
        """What authors call it."""
        return self.knob.name


def either(edits: Sequence[Edit]) -> Edit:
    """Return one edit out of those of several libraries for one knob: the first that understands the script."""
    if len(edits) == 1:
        return edits[0]
    return Edit(
        edits[0].knob,
        lambda script, setting: _first(edits, lambda edit: edit.apply(script, setting)),
        lambda script: _first(edits, lambda edit: edit.read(script)),
    )


def _first(edits: Sequence[Edit], made: Callable[[Edit], T]) -> T:
    """Return what the first edit that understands the script makes of it."""
    reasons: list[str] = []
    for edit in edits:
        try:
            return made(edit)
        except NotUnderstoodError as error:
            reasons.append(str(error))
    raise NotUnderstoodError(", and ".join(dict.fromkeys(reasons)))


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
