"""Find one parked message by how its id begins."""

from __future__ import annotations

from collections.abc import Sequence

from trainyard.bus.parking import Parked
from trainyard_cli.errors import UsageError

LIST = "`trainyard parked list` shows all."


def the_one(items: Sequence[Parked], prefix: str) -> Parked:
    """Return the one message whose id begins with *prefix*; copies of one message count as one.

    Raises:
        UsageError: None or several do.
    """
    found = {item.id: item for item in items if item.id.startswith(prefix)}
    if prefix in found:
        return found[prefix]
    if not found:
        raise UsageError(f"no parked message has an id that begins with {prefix!r}", remedy=LIST)
    if len(found) > 1:
        raise UsageError(f"{len(found)} parked messages have an id that begins with {prefix!r}", remedy=LIST)
    return next(iter(found.values()))
