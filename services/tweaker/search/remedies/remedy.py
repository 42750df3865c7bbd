"""What a remedy is, and how one is offered: only where the code has what it turns, told in the knob's own words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from services.tweaker.diagnosis.finding import Case
from services.tweaker.edits.registry import edits
from services.tweaker.edits.space import Choice, Space
from trainyard.trial import Setting


@dataclass(frozen=True)
class Remedy:
    """One edit with its value.

    Attributes:
        edit: Its name.
        setting: What the edit is told first.
        deed: What it does, as the end of a sentence about the finding.
        space: Where later values may be looked for; nowhere when absent.
    """

    edit: str
    setting: Setting
    deed: str
    space: Space | None = None


Remedies = Iterator[Remedy]


def offer(case: Case, edit: str, *settings: Setting, within: Space | None = None) -> Remedies:
    """Yield a remedy for each setting that is not there yet, if the code has what the edit turns.

    Later values come from *within*, or else from all that make sense for that knob.
    """
    if edit not in case.settings or edit not in edits():
        return
    knob, before = edits()[edit].knob, case.settings[edit]
    space = within or knob.space(before)
    for setting in dict.fromkeys(settings):
        if setting is None or setting != before:
            yield Remedy(edit, setting, knob.deed(before, setting), None if space == Choice() else space)
