"""Each edit on scripts that are not in examples/: what it takes out, what it puts in, and nothing else."""

from __future__ import annotations

import difflib

import pytest

from services.tweaker.edits.registry import edits
from services.tweaker.source.errors import NotUnderstoodError
from tests.unit.tweaker.cases import CASES
from tests.unit.tweaker.editing import MAIN, Case, edited_files

GROWS = frozenset({"dense_layer", "conv_layer"})
"""Edits that are made once more where they are made again."""

every_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())


def edited(case: Case, source: bytes) -> bytes:
    """Make the case's edit on *source*."""
    return edited_files(case.edit, case.setting, {MAIN: source, **case.also})[MAIN]


def changed(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Return the lines taken out and those put in; all others are the same, byte by byte."""
    old, new = before.decode().split("\n"), after.decode().split("\n")
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    out = [line for tag, i1, i2, _, _ in steps if tag != "equal" for line in old[i1:i2]]
    put = [line for tag, _, _, j1, j2 in steps if tag != "equal" for line in new[j1:j2]]
    return out, put


@every_case
class TestEveryEdit:
    def test_changes_these_lines_and_nothing_else(self, case: Case) -> None:
        """Format, comments, quotes and blanks of all other lines compare equal."""
        after = edited(case, case.script)

        assert changed(case.script, after) == (case.out, case.new)

    def test_changes_these_other_files(self, case: Case) -> None:
        """A value that stands in a second file is changed there, and no other file is touched."""
        before = {MAIN: case.script, **case.also}
        after = edited_files(case.edit, case.setting, before)

        changes = {name: changed(before[name], after[name]) for name in after if name != MAIN}
        assert {name: lines for name, lines in changes.items() if lines != ([], [])} == dict(case.there)

    def test_leaves_a_script_that_parses(self, case: Case) -> None:
        """A trial is not spent on a syntax error."""
        compile(edited(case, case.script), "train.py", "exec")

    def test_keeps_the_line_ends_of_windows(self, case: Case) -> None:
        """A script with CRLF comes back with CRLF, new lines included."""
        windows = case.script.replace(b"\n", b"\r\n")

        assert edited(case, windows) == edited(case, case.script).replace(b"\n", b"\r\n")


@pytest.mark.parametrize("case", [case for case in CASES.values() if case.edit not in GROWS])
def test_a_second_time_changes_nothing_more(case: Case) -> None:
    """Run again on its own result, an edit leaves it as it is: it says so or gives it back unchanged."""
    once = edited(case, case.script)

    try:
        twice = edited(case, once)
    except NotUnderstoodError:
        twice = once

    assert twice == once


def test_every_edit_is_shown_on_two_scripts() -> None:
    """No edit ships that was seen on one script only."""
    shown = {name: {case.script for case in CASES.values() if case.edit == name} for name in edits()}

    assert {name: len(found) for name, found in shown.items() if len(found) < 2} == {}
