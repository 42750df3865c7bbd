"""Each edit on scripts that are not in examples/: what it takes out, what it puts in, and nothing else."""

import difflib
from collections.abc import Mapping

import pytest

from services.tweaker.edits.registry import edits
from services.tweaker.guard import changed_measure
from services.tweaker.source.errors import NotUnderstoodError
from tests.unit.tweaker.cases import CASES
from tests.unit.tweaker.editing import MAIN, Case, edited_files

GROWS = frozenset({"dense_layer", "conv_layer"})
"""Edits that are made once more where they are made again."""


def changed(before: bytes, after: bytes) -> tuple[list[str], list[str]]:
    """Return the lines taken out and those put in; all others are the same, byte by byte."""
    old, new = before.decode().split("\n"), after.decode().split("\n")
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    out = [line for tag, i1, i2, _, _ in steps if tag != "equal" for line in old[i1:i2]]
    put = [line for tag, _, _, j1, j2 in steps if tag != "equal" for line in new[j1:j2]]
    return out, put


def edited_again(case: Case, files: Mapping[str, bytes]) -> bytes:
    """Return the script after the edit is made on its own result; as it was where the edit refuses."""
    try:
        return edited_files(case.edit, case.setting, files)[MAIN]
    except NotUnderstoodError:
        return files[MAIN]


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_an_edit_changes_what_it_is_about_and_nothing_else(case: Case) -> None:
    """Format, other lines, other files, line ends and what measures stay; the result parses and is final."""
    before = {MAIN: case.script, **case.also}
    windows = case.script.replace(b"\n", b"\r\n")

    after = edited_files(case.edit, case.setting, before)

    changes = {name: changed(before[name], after[name]) for name in after if after[name] != before[name]}
    assert changes.pop(MAIN, ([], [])) == (case.out, case.new), "the script's lines"
    assert changes == dict(case.there), "the lines of other files"
    compile(after[MAIN], MAIN, "exec")
    assert changed_measure(before, after) is None, "the guard lets it pass"
    on_windows = edited_files(case.edit, case.setting, {**before, MAIN: windows})[MAIN]
    assert on_windows == after[MAIN].replace(b"\n", b"\r\n"), "line ends of Windows"
    if case.edit not in GROWS:
        assert edited_again(case, {**case.also, MAIN: after[MAIN]}) == after[MAIN], "a second time changes nothing"


def test_every_edit_is_shown_on_two_scripts() -> None:
    """No edit ships that was seen on one script only."""
    shown = {name: {case.script for case in CASES.values() if case.edit == name} for name in edits()}

    assert {name: len(found) for name, found in shown.items() if len(found) < 2} == {}
