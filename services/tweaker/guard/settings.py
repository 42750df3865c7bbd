"""Files of settings before and after an edit: which values differ."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.values import formats

KINDS = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".ini": "ini", ".cfg": "ini", ".env": "env"}


def changed_keys(name: str, before: bytes, after: bytes) -> list[str] | None:
    """Return the last keys of the values that differ; none for a file of one value, None where more differs."""
    path = PurePosixPath(name)
    kind = KINDS.get(path.suffix or path.name)
    for each in (kind,) if kind is not None else ("text", "env"):
        try:
            old, new = formats.content_of(each, before), formats.content_of(each, after)
        except NotUnderstoodError:
            continue
        found = list(_changed(old, new, ""))
        return None if None in found or not (old and new) else [key for key in found if key]
    return None


def _changed(old: Any, new: Any, key: str) -> Iterator[str | None]:
    """Yield the key of every value that differs; None where the shape does."""
    if isinstance(old, dict) and isinstance(new, dict) and list(old) == list(new):
        for each in old:
            yield from _changed(old[each], new[each], str(each))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for one, other in zip(old, new, strict=True):
            yield from _changed(one, other, key)
    elif isinstance(old, dict | list) or isinstance(new, dict | list):
        yield None
    elif (type(old), old) != (type(new), new):
        yield key
