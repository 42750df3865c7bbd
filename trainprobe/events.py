"""What happens, one JSON line an event, flushed as it happens."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path


class EventLog:
    """Appends to ``epochs.jsonl``; a forked child of the script stays silent."""

    def __init__(self, path: Path) -> None:
        """Write to *path*, which need not exist yet."""
        self._path = path
        self._pid = os.getpid()

    def write(self, event: str, **fields: object) -> None:
        """Append one line: the event's name, its fields and the time."""
        if os.getpid() == self._pid:
            line = {"event": event, **fields, "at": time.time()}
            with self._path.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(line, default=str) + "\n")
