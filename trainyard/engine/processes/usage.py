"""What the processes of a session use, from Linux's /proc; elsewhere nothing is known."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress

from trainyard.engine.port import Usage

PROC = "/proc"
SESSION = 3
TIMES = slice(11, 15)
PAGES = 21
"""Where the session's id, the four times and the resident pages stand among the fields after a process' name."""


def usage_of(session: int) -> Usage | None:
    """Return what the processes of *session* use now; None where there are none, or no /proc."""
    found = list(_fields_of(session))
    if not found:
        return None
    ticks = sum(int(ticks) for fields in found for ticks in fields[TIMES])
    pages = sum(int(fields[PAGES]) for fields in found)
    return Usage(
        memory=pages * os.sysconf("SC_PAGE_SIZE"), memory_limit=None, cpu_seconds=ticks / os.sysconf("SC_CLK_TCK")
    )


def _fields_of(session: int) -> Iterator[list[str]]:
    """Yield the fields of every process of *session*; one that ends meanwhile is left out."""
    names = os.listdir(PROC) if os.path.isdir(PROC) else []
    for name in names:
        if name.isdigit():
            with suppress(OSError), open(f"{PROC}/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()  # the name may hold anything, spaces too
                if int(fields[SESSION]) == session:
                    yield fields
