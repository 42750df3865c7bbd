"""What a strategy asks for: steps, each one edit with its value and the reason, and several of them as a plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

from services.tweaker.edits.registry import edits
from trainyard.trial import Setting, Tweak

Key = tuple[str, Setting]
"""An edit with its value."""
Keys = frozenset[Key]


@dataclass(frozen=True)
class Step:
    """One edit of a plan, its value, and for a person what it does and why: both without a full stop."""

    edit: str
    setting: Setting
    deed: str
    why: str

    @classmethod
    def change(cls, edit: str, before: Setting, after: Setting, why: str) -> Self:
        """Return the step that changes a setting, described in the words of the edit's knob."""
        return cls(edit, after, edits()[edit].knob.deed(before, after), why)

    @classmethod
    def again(cls, tweak: Tweak) -> Self:
        """Return the step that makes a tweak once more."""
        return cls(tweak.name, tweak.setting, tweak.deed, tweak.reason.partition(f"; {tweak.deed}.")[0])

    @property
    def aspect(self) -> str:
        """What the edit is about."""
        return edits()[self.edit].knob.aspect

    @property
    def key(self) -> Key:
        """The edit with its value."""
        return self.edit, self.setting

    def tweak(self, diff: str, remark: str = "") -> Tweak:
        """Return the tweak that the step has become, once it is made."""
        reason = f"{self.why}; {self.deed}.{f' {remark}' if remark else ''}"
        return Tweak(name=self.edit, setting=self.setting, deed=self.deed, reason=reason, diff=diff)


Plan = tuple[Step, ...]


def keys_of(made: Iterable[Step | Tweak]) -> Keys:
    """Return the edits with their values."""
    return frozenset(each.key if isinstance(each, Step) else (each.name, each.setting) for each in made)


def each_once(plans: Iterable[Plan]) -> Iterator[Plan]:
    """Yield the plans that are not empty, and of those with the same edits and values the first."""
    known = {Keys()}
    for plan in plans:
        keys = keys_of(plan)
        if keys not in known:
            known.add(keys)
            yield plan
