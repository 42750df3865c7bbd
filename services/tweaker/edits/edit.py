"""What an edit is: a knob, how a setting of it is written into a script, and how its current setting is read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import libcst as cst

from services.tweaker.edits.knobs import Knob
from services.tweaker.source import AbsentError, Changes, NotUnderstoodError, Script, read, write
from services.tweaker.source.arguments import with_keyword
from services.tweaker.source.rewrite import Edited
from trainyard.trial import Setting

T = TypeVar("T")
Number = TypeVar("Number", int, float)
Site = TypeVar("Site")


@dataclass(frozen=True)
class Edit:
    """One kind of change to a script and to the files that it reads its settings from.

    Attributes:
        knob: What it turns.
        apply: Returns the changed files by name for a setting; raises NotUnderstoodError where it does not apply.
        read: Returns the script's current setting; raises NotUnderstoodError where the edit does not apply.
        remark: Returns, as a sentence, what its author should know that the edit leaves as it is; "" by default.
    """

    knob: Knob
    apply: Callable[[Script, Setting], Edited]
    read: Callable[[Script], Setting] = lambda _: None
    remark: Callable[[Script], str] = lambda _: ""

    @property
    def name(self) -> str:
        """What authors call it."""
        return self.knob.name


@dataclass(frozen=True)
class Argument:
    """An argument of a call, given or left to its default.

    Attributes:
        call: The call that takes it.
        keyword: The keyword by which it is added where it is not given.
        value: The expression that gives it; None where the default holds.
        default: The library's default.
    """

    call: cst.Call
    keyword: str
    value: cst.BaseExpression | None
    default: float


def site_edit(
    knob: Knob,
    find: Callable[[Script], Site],
    change: Callable[[Script, Changes, Site, Setting], None],
    read: Callable[[Script, Site], Setting] = lambda _script, _site: None,
    remark: Callable[[Script, Site], str] = lambda _script, _site: "",
) -> Edit:
    """Return an edit of one site in the script: whatever *find* returns.

    Args:
        knob: What the edit turns.
        find: Returns what there is to change; raises NotUnderstoodError where the edit does not apply.
        change: Collects the changes that a setting needs.
        read: Returns the current setting; none by default, where there is nothing to choose.
        remark: Returns, as a sentence, what its author should know that the edit leaves as it is; "" by default.
    """

    def apply(script: Script, setting: Setting) -> Edited:
        changes = Changes()
        change(script, changes, find(script), setting)
        return changes.applied_to(script)

    return Edit(knob, apply, lambda script: read(script, find(script)), lambda script: remark(script, find(script)))


def argument_edit(knob: Knob, find: Callable[[Script], Argument], convert: Callable[[Setting], Number]) -> Edit:
    """Return the edit of a numeric argument: changed where its value is written, else added to its call.

    Args:
        knob: What the edit turns.
        find: Returns the argument; raises NotUnderstoodError where the edit does not apply.
        convert: `as_int` or `as_float`.
    """

    def change(script: Script, changes: Changes, argument: Argument, setting: Setting) -> None:
        if argument.value is None:
            changes.replaced[argument.call] = with_keyword(script, argument.call, argument.keyword, convert(setting))
        else:
            write(script, changes, argument.value, convert(setting))

    def current(script: Script, argument: Argument) -> Setting:
        return argument.default if argument.value is None else convert(read(script, argument.value))

    return site_edit(knob, find, change, current)


def combined(edits: Sequence[Edit]) -> Edit:
    """Return one edit for those of several libraries that turn one knob: the first that applies is used."""
    return Edit(
        edits[0].knob,
        lambda script, setting: _first(edits, lambda edit: edit.apply(script, setting)),
        lambda script: _first(edits, lambda edit: edit.read(script)),
        lambda script: _first(edits, lambda edit: edit.remark(script)),
    )


def _first(edits: Sequence[Edit], use: Callable[[Edit], T]) -> T:
    """Return what the first edit that applies gives, or why none does: those that the script has something for."""
    errors: list[NotUnderstoodError] = []
    for edit in edits:
        try:
            return use(edit)
        except NotUnderstoodError as error:
            errors.append(error)
    present = [error for error in errors if not isinstance(error, AbsentError)]
    raise NotUnderstoodError(", and ".join(dict.fromkeys(map(str, present or errors))))


def to_change(values: Mapping[T, float], largest: float) -> list[T]:
    """Return what has to change to make *largest* the largest value: what exceeds it, or all where none reaches it."""
    return [key for key, value in values.items() if value > largest or largest > max(values.values())]


def int_or_none(script: Script, node: cst.BaseExpression | None) -> int | None:
    """Return the whole number that is written for a node; None where it is computed, or something else."""
    try:
        return as_int(read(script, node)) if node is not None else None
    except NotUnderstoodError:
        return None


def as_int(setting: Setting) -> int:
    """Return a setting that has to be a whole number."""
    if isinstance(setting, bool) or not isinstance(setting, int):
        raise NotUnderstoodError(f"{setting!r} is not a whole number")
    return setting


def as_float(setting: Setting) -> float:
    """Return a setting that has to be a number."""
    if isinstance(setting, bool) or not isinstance(setting, int | float):
        raise NotUnderstoodError(f"{setting!r} is not a number")
    return float(setting)
