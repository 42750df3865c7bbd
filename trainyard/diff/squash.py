"""No commit stays that a later one wipes out: a step of whose lines none is left is made one with what replaced it."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from trainyard.diff.patch import HEADER, NO_NEWLINE, lines_of, make_patch, title

FILE = re.compile(rf"^{HEADER}(.*)\n", re.MULTILINE)
HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? .*\n", re.MULTILINE)
LINE = re.compile(r"([ +-])([^\n\0]*)([\n\0])")
"""A line of a hunk: its mark, its text, and how it ends, which is with a zero where the file has no newline."""
AUTHOR = -1


@dataclass(frozen=True, eq=False)
class Line:
    """A line of a file, the step that wrote it, and the lines that it and those after it took the place of."""

    text: str
    step: int = AUTHOR
    instead_of: tuple["Line", ...] = ()


State = Mapping[str, Sequence[Line]]


@dataclass(frozen=True)
class Step:
    """A step that stays.

    Attributes:
        number: Its place among all steps.
        diff: What it changes, once those that it replaced are gone.
        replaced: The places of those.
    """

    number: int
    diff: str
    replaced: tuple[int, ...]


def squash(before: Mapping[str, bytes], diffs: Sequence[str]) -> Iterator[Step]:
    """Yield the steps that stay of those with these *diffs*, which lead from the files *before* one after the other."""
    changed = files_of(diffs)
    names = {title(name): name for name in before if title(name) in changed}
    states: list[State] = [{each: [*map(Line, lines_of(name, before[name]))] for each, name in names.items()}]
    for number, diff in enumerate(diffs):
        states.append(_after(states[-1], diff, number))
    heirs = {number: heir for number in range(len(diffs)) if (heir := _heir(number, states)) is not None}
    files = [{names[each]: _text(state[each], heirs).encode() for each in state} for state in states]
    for number in range(len(diffs)):
        diff = make_patch(files[number], files[number + 1])
        if diff:
            yield Step(number, diff, tuple(each for each in heirs if _last_heir(each, heirs) == number))


def files_of(diffs: Sequence[str]) -> frozenset[str]:
    """Return the titles of the files that the diffs are about."""
    return frozenset(FILE.findall("".join(diffs)))


def _after(state: State, diff: str, number: int) -> State:
    """Return the files after a step."""
    _, *parts = FILE.split(diff.replace(f"\n{NO_NEWLINE}", "\0"))
    return {**state, **{each: _changed(state[each], part, number) for each, part in _tuples(parts, 2)}}


def _changed(lines: Sequence[Line], part: str, number: int) -> Sequence[Line]:
    """Return the lines of a file after a step, of whose diff *part* is about that file."""
    after, at = list[Line](), 0
    _, *hunks = HUNK.split(part)
    for start, count, body in _tuples(hunks, 3):
        first = int(start) - (count != "0")
        after += [*lines[at:first], *_hunk(iter(lines[first:]), body, number)]
        at = first + int(count or 1)
    return [*after, *lines[at:]]


def _hunk(before: Iterator[Line], body: str, number: int) -> Iterator[Line]:
    removed: list[Line] = []
    for mark, text, end in LINE.findall(body):
        if mark == "+":
            yield Line(text + end.strip("\0"), number, tuple(removed))
        if mark == "-":
            removed.append(next(before))
        else:
            removed = []
        if mark == " ":
            yield next(before)


def _heir(number: int, states: Sequence[State]) -> int | None:
    """Return the step that removed the last of a step's lines; None where some are left, or it removed others only."""
    left = [any(line.step == number for lines in state.values() for line in lines) for state in states]
    before, after = states[number], states[number + 1]
    undone = all(_text(after[each], {number}) == _text(before[each]) for each in before)
    return left.index(False, number + 1) - 1 if undone and left[number + 1] and not left[-1] else None


def _last_heir(number: int, heirs: Mapping[int, int]) -> int:
    return _last_heir(heirs[number], heirs) if number in heirs else number


def _text(lines: Sequence[Line], without: Collection[int] = ()) -> str:
    """Return what the lines say without some steps."""
    return "".join(text for line in lines for text in _texts(line, without))


def _texts(line: Line, without: Collection[int]) -> Iterator[str]:
    if line.step not in without:
        yield line.text
    else:
        yield from (text for each in line.instead_of for text in _texts(each, without))


def _tuples(flat: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*(flat[first::size] for first in range(size)), strict=True)
