"""No commit stays that a later one wipes out: a step of whose words none is left is made one with what replaced it."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, islice

from trainyard.diff.patch import HEADER, NO_NEWLINE, make_patch, title

FILE = re.compile(rf"^{HEADER}(.*)\n", re.MULTILINE)
HUNK = re.compile(r"^@@ -(\d+)(?:,(\d+))? .*\n", re.MULTILINE)
LINE = re.compile(r"([ +-])([^\n\0]*)([\n\0])")
"""A line of a hunk: its mark, its text, and how it ends, which is with a zero where the file has no newline."""
WORD = re.compile(r"\d[\w.]*|\w+|[^\S\n]+|\n|.")
"""A number, a name, blanks, the end of a line, or a single other character."""
AUTHOR = -1


@dataclass(frozen=True, eq=False)
class Word:
    """A word of a file, the step that wrote it, and the words that it and those after it took the place of."""

    text: str
    step: int = AUTHOR
    instead_of: tuple["Word", ...] = ()


Line = Sequence[Word]
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
    states: list[State] = [
        {each: list(_lines(map(Word, WORD.findall(before[name].decode())))) for each, name in names.items()}
    ]
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
    _, *parts = FILE.split(diff.replace(f"\n{NO_NEWLINE}", "\0\n"))
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
    for is_kept, lines in groupby(LINE.findall(body), key=lambda line: line[0] == " "):
        marked = list(lines)
        if is_kept:
            yield from islice(before, len(marked))
        else:
            old = [word for line in islice(before, sum(mark == "-" for mark, *_ in marked)) for word in line]
            new = "".join(text + end.strip("\0") for mark, text, end in marked if mark == "+")
            yield from _lines(_rewritten(old, WORD.findall(new), number))


def _rewritten(old: Sequence[Word], new: Sequence[str], number: int) -> Iterator[Word]:
    """Yield the words after a step. Who wrote those that stay remains known: a line may hold several settings."""
    for kind, first, last, start, end in SequenceMatcher(None, [word.text for word in old], new, False).get_opcodes():
        if kind == "equal":
            yield from old[first:last]
        else:
            replaced = tuple(old[first:last])
            yield from (Word(text, number, () if place else replaced) for place, text in enumerate(new[start:end]))


def _lines(words: Iterable[Word]) -> Iterator[Line]:
    line: list[Word] = []
    for word in words:
        line.append(word)
        if word.text == "\n":
            yield line
            line = []
    if line:
        yield line


def _heir(number: int, states: Sequence[State]) -> int | None:
    """Return the step that removed the last of a step's words; None where some are left, or it removed others only."""
    left = [any(word.step == number for file in state.values() for line in file for word in line) for state in states]
    before, after = states[number], states[number + 1]
    undone = all(_text(after[each], {number}) == _text(before[each]) for each in before)
    return left.index(False, number + 1) - 1 if undone and left[number + 1] and not left[-1] else None


def _last_heir(number: int, heirs: Mapping[int, int]) -> int:
    return _last_heir(heirs[number], heirs) if number in heirs else number


def _text(lines: Sequence[Line], without: Collection[int] = ()) -> str:
    """Return what the lines say without some steps."""
    return "".join(text for line in lines for word in line for text in _texts(word, without))


def _texts(word: Word, without: Collection[int]) -> Iterator[str]:
    if word.step not in without:
        yield word.text
    else:
        yield from (text for each in word.instead_of for text in _texts(each, without))


def _tuples(flat: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    return zip(*(flat[first::size] for first in range(size)), strict=True)
