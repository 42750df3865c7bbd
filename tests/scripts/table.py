"""Writes docs/scripts.md: `python -m tests.scripts.table`."""

from collections.abc import Sequence

from tests.scripts.expectations import EXACTLY, HERE, Case, cases

PAGE = HERE.parents[1] / "docs" / "scripts.md"
FOLDER = "../tests/scripts/cases"
INTRODUCTION = """\
# What scripts look like, and what is found in them

Small repositories that were written for the tests, one for each habit found in scripts as people push them. The tests
train each of them with the real trainer and monitor, and compare the results with this table: `make test` in a process
of this machine's Python, `make e2e` at least one for each training image in its container. The values come from a plain
run of the script, or were computed independently. `±` is the weight of one row of the test data, so that a processor's
rounding does not matter, and more if the script is not seeded.

This page is written by `make docs` from `tests/scripts/cases.toml`.
"""
MEASURED = "## Scripts that are measured"
RESUMED = "## Scripts that are killed after an epoch was observed, and resume"
REFUSED = "## Scripts that fail, with an explanation"


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
    return f"{case.pattern}; reported as a warning: {case.warning}" if case.warning else case.pattern


def _data(case: Case) -> str:
    """Return the data, loudly where it is no measure of how good the model is."""
    return case.data.upper() if case.data == "train" else case.data


def _value(case: Case) -> str:
    return f"{case.value:g}" + (f" ± {case.within:g}" if case.within > EXACTLY else "")


if __name__ == "__main__":
    PAGE.write_text(page(cases()), encoding="utf-8")
