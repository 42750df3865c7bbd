"""The files that the probe writes: whole or not at all, and the log of events line by line."""

from __future__ import annotations

import json
import math
import os
import time
from pathlib import Path
from typing import IO, Callable, Dict


def write_whole(path: Path, fill: Callable[[IO[bytes]], object]) -> None:
    """Write a file by *fill* under a temporary name, force it to disk and rename it in one step.

    Raises:
        OSError: no room or no right; what was at *path* before is then still there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    try:
        with temporary.open("wb") as stream:
            fill(stream)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(str(temporary), str(path))
    except OSError:
        if temporary.exists():
            temporary.unlink()
        raise
    folder = os.open(str(path.parent), os.O_RDONLY)  # makes the new name survive a power cut
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_json(path: Path, value: Dict[str, object]) -> None:
    """Write *value* as JSON, whole or not at all; NaN and infinities become null.

    A lone surrogate, as in a file's name that is no UTF-8, becomes a question mark: no reader takes it, escaped or not.
    """
    text = json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, default=str)
    write_whole(path, lambda stream: stream.write(text.encode("utf-8", "replace")))


def _finite(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


class EventLog:
    """Appends to ``epochs.jsonl``; a forked child of the script stays silent."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pid = os.getpid()

    def write(self, event: str, **fields: object) -> None:
        """Append one line: the event's name, its fields and the time."""
        if os.getpid() == self._pid:
            line = {"event": event, **fields, "at": time.time()}
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line, default=str) + "\n")
