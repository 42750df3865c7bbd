"""Writes docs/scripts.md: `python -m tests.scripts.table`."""

from __future__ import annotations

from collections.abc import Sequence

from tests.scripts.expectations import EXACTLY, HERE, Case, cases

PAGE = HERE.parents[1] / "docs" / "scripts.md"
FOLDER = "../tests/scripts/cases"
INTRODUCTION = """\
# What scripts look like, and what is found in them

Small repositories written for the tests, one for each habit that is met in scripts as people push them. `make test`
trains each in a real container, by the trainer and the monitor themselves, and compares what they say of it with this
table. The values come from a plain run of the script, or were reckoned apart from it. `±` is what one row of the test
data is worth, so that a processor's rounding does not decide, and more where the script seeds nothing.

This page is written by `make docs` from `tests/scripts/cases.toml`.
"""
MEASURED = "## Scripts that are measured"
RESUMED = "## Scripts that are killed after an epoch was observed, and go on"
REFUSED = "## Scripts that fail, and are told why"


def page(every: Sequence[Case]) -> str:
    """Return the page for these cases."""
    measured = [case for case in every if not case.failure and not case.kills]
    return "\n".join(
        [
            INTRODUCTION,
            *_section(MEASURED, _HEAD, [_measured(case) for case in measured]),
            *_section(RESUMED, _HEAD, [_measured(case) for case in every if case.kills]),
            *_section(REFUSED, _REFUSED_HEAD, [_refused(case) for case in every if case.failure]),
        ]
    )


_HEAD = ("pattern", "script", "metric", "data", "value", "source")
_REFUSED_HEAD = ("pattern", "repository", "reason", "the message names", "the remedy names")


def _section(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a heading and a table, with nothing where there are no rows."""
    lines = [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in (head, ["---"] * len(head), *rows)]
    return [title, "", *lines, ""] if rows else []


def _measured(case: Case) -> tuple[str, ...]:
    script = f"[{case.name}/{case.runs}]({FOLDER}/{case.name}/{case.runs})"
    return (_remarked(case), script, case.metric, _data(case), _value(case), case.source)


def _refused(case: Case) -> tuple[str, ...]:
    assert case.failure
    told = case.failure
    return (case.pattern, f"[{case.name}]({FOLDER}/{case.name})", told.reason, f"`{told.message}`", f"`{told.remedy}`")


def _remarked(case: Case) -> str:
    return f"{case.pattern}; told as a warning: {case.warning}" if case.warning else case.pattern


def _data(case: Case) -> str:
    """Return the data, loudly where it is no measure of how good the model is."""
    return case.data.upper() if case.data == "train" else case.data


def _value(case: Case) -> str:
    return f"{case.value:g}" + (f" ± {case.within:g}" if case.within > EXACTLY else "")


if __name__ == "__main__":
    PAGE.write_text(page(cases()), encoding="utf-8")
