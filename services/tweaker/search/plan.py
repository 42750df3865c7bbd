"""What a strategy asks for: steps, each one edit with its setting and the reason, and several of them as a plan."""

from __future__ import annotations

from dataclasses import dataclass

from services.tweaker.edits.registry import edits
from trainyard.trial import Setting, Tweak

Key = tuple[str, Setting]
Keys = frozenset[Key]


@dataclass(frozen=True)
class Step:
    """One edit of a plan, with the reason for a person.

    Attributes:
        edit: Its name.
        setting: What it is told.
        deed: What it does, as the end of a sentence.
        why: What is wrong, without a full stop; or who wants it where nothing is known to be wrong.
    """

    edit: str
    setting: Setting
    deed: str
    why: str

    @property
    def aspect(self) -> str:
        """What the edit is about."""
        return edits()[self.edit].knob.aspect

    @property
    def key(self) -> Key:
        """The edit with its setting, as `key_of` reads it from a tweak."""
        return self.edit, self.setting

    def tweak(self, diff: str) -> Tweak:
        """Return what the step was, once it is made."""
        reason = f"{self.why}; {self.deed}."
        return Tweak(name=self.edit, setting=self.setting, deed=self.deed, reason=reason, diff=diff)


Plan = tuple[Step, ...]


def key_of(tweak: Tweak) -> Key:
    """Return which edit with which setting a tweak was."""
    return tweak.name, tweak.setting


def keys_of(tweaks: tuple[Tweak, ...]) -> Keys:
    """Return which edits with which settings these tweaks were."""
    return frozenset(map(key_of, tweaks))


def step_of(tweak: Tweak) -> Step:
    """Return the step that makes a tweak once more."""
    return Step(tweak.name, tweak.setting, tweak.deed, tweak.reason.removesuffix(f"; {tweak.deed}."))


def turned(name: str, before: Setting, after: Setting, why: str) -> Step:
    """Return the step that turns the knob of that edit, told in the knob's own words."""
    return Step(name, after, edits()[name].knob.deed(before, after), why)
