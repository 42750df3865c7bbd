"""What no edit may change: how the data come in and are split, the seeds, and what measures; nor break its imports.

Everything must compare equal by syntax tree but what the model, its optimizer, its training and the settings that only
these use are made of, and additions that cannot reach anything else.
"""

import ast
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

from services.tweaker.guard.compare import differences
from services.tweaker.guard.uses import Baseline, Key
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.values import formats
from trainyard_analysis.imports import aliases_in
from trainyard_analysis.names import nodes_in

_KINDS = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".ini": "ini",
    ".cfg": "ini",
    ".env": "env",
}

__all__ = ["changed_measure", "imports_in_time"]


def changed_measure(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str | None:
    """Return, as a clause, the first thing in the files that an edit changed and may not; None where there is none."""
    return next(_changed(before, after), None)


def imports_in_time(before: str, after: str) -> bool:
    """Return whether no name is used above its import that was not before: it would not be known there."""
    return _late(after) <= _late(before)


def _changed(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    baseline = Baseline(before)
    for name in sorted(set(before) | set(after)):
        if name not in before or name not in after:
            yield f"the edit adds or removes {name}"
        elif before[name] != after[name]:
            changed = differences if name.endswith(".py") else _changed_settings
            yield from changed(baseline, name, after[name])


def _changed_settings(baseline: Baseline, name: str, after: bytes) -> Iterator[str]:
    keys = _changed_keys(name, baseline.files[name], after)
    if keys is None:
        yield f"{name} changes in more than single values"
        return
    if not keys and not baseline.reads_harmlessly(name):
        yield f"{name} is also used for something other than the training"
    harmful = [key for key in keys if not baseline.are_harmless([Key(key)])]
    yield from (f"{key} of {name} is also used for something other than the training" for key in harmful)


def _changed_keys(name: str, before: bytes, after: bytes) -> list[str] | None:
    """Return the last keys of the values that differ; none for a file of one value, None where more differs."""
    path = PurePosixPath(name)
    kind = _KINDS.get(path.suffix or path.name)
    for each in (kind,) if kind is not None else ("text", "env"):
        with suppress(NotUnderstoodError):
            old, new = formats.content_of(each, before), formats.content_of(each, after)
            return _differing(old, new) if old and new else None
    return None


def _differing(old: Any, new: Any) -> list[str] | None:
    before, after = dict(_values(old)), dict(_values(new))
    if list(before) != list(after):
        return None
    changed = (path for path in before if before[path] != after[path])
    return [key for path in changed for key in [each for each in path if isinstance(each, str)][-1:]]


def _values(tree: Any, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], object]]:
    """Yield the values in a tree by their paths: keys, positions, and the types of what they are in."""
    if not isinstance(tree, dict | list):
        yield path, (type(tree), tree)
        return
    yield (*path, type(tree)), None
    items = [(str(key), value) for key, value in tree.items()] if isinstance(tree, dict) else list(enumerate(tree))
    for key, value in items:
        yield from _values(value, (*path, key))


def _late(source: str) -> frozenset[str]:
    """Return the imported names that are used on a line above their first import."""
    tree = ast.parse(source)
    first: dict[str, int] = {}
    for node in sorted((*nodes_in(tree, ast.Import), *nodes_in(tree, ast.ImportFrom)), key=lambda each: -each.lineno):
        first |= dict.fromkeys(aliases_in([node]), node.lineno)
    return frozenset(each.id for each in nodes_in(tree, ast.Name) if each.lineno < first.get(each.id, 0))
