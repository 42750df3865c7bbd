"""What no edit may change: how the data come in and are split, the seeds, and what measures; nor break its imports.

Everything must compare equal by syntax tree but what the model, its optimizer, its training and the settings that only
these use are made of, and additions that cannot reach anything else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from services.tweaker.guard.compare import differences
from services.tweaker.guard.settings import changed_keys
from services.tweaker.guard.uses import Baseline, Key
from trainyard_analysis.imports import aliases_in

Files = Mapping[str, bytes]

__all__ = ["changed_measure", "imports_in_time", "same_measure"]


def same_measure(before: Files | str, after: Files | str) -> bool:
    """Return whether two states of the code read, split, seed, train-and-test and measure in the very same way.

    Args:
        before: All files of the code, or the text of its only script.
        after: The same, after an edit.
    """
    return changed_measure(_files(before), _files(after)) is None


def changed_measure(before: Files, after: Files) -> str | None:
    """Return, as a clause, the first thing found changed that an edit may not change; None where there is none."""
    return next(_changed(before, after), None)


def imports_in_time(before: str, after: str) -> bool:
    """Return whether no name is used above its import that was not before: it would not be known there."""
    return _late(after) <= _late(before)


def _changed(before: Files, after: Files) -> Iterator[str]:
    """Yield what differs and must not."""
    baseline = Baseline(before)
    for name in sorted(set(before) | set(after)):
        if name not in before or name not in after:
            yield f"the edit adds or removes {name}"
        elif before[name] != after[name]:
            yield from _of_file(baseline, name, after[name])


def _of_file(baseline: Baseline, name: str, after: bytes) -> Iterator[str]:
    if name.endswith(".py"):
        yield from differences(baseline, name, after)
        return
    keys = changed_keys(name, baseline.files[name], after)
    if keys is None:
        yield f"{name} changes in more than its values"
        return
    if not keys and not baseline.reads_harmlessly(name):
        yield f"{name} is also used for something else than the training"
    harmful = [key for key in keys if not baseline.are_harmless([Key(key)])]
    yield from (f"{key} of {name} is also used for something else than the training" for key in harmful)


def _files(code: Files | str) -> Files:
    return {"main.py": code.encode()} if isinstance(code, str) else code


def _late(source: str) -> frozenset[str]:
    """Return the imported names that are used on a line above their first import."""
    nodes = list(ast.walk(ast.parse(source)))
    first: dict[str, int] = {}
    for node in (each for each in nodes if isinstance(each, ast.Import | ast.ImportFrom)):
        for name in aliases_in([node]):
            first[name] = min(first.get(name, node.lineno), node.lineno)
    return frozenset(
        node.id for node in nodes if isinstance(node, ast.Name) and node.lineno < first.get(node.id, node.lineno)
    )
