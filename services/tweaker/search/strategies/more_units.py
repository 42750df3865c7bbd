"""The policy of an older system for networks: eight more units each time, and a new layer when that brings nothing."""

from __future__ import annotations

from collections.abc import Iterator

from services.tweaker.diagnosis.history import gain, searching
from services.tweaker.search.plan import Plan, turned
from services.tweaker.search.strategies.strategy import Search, Strategy, newest

MORE = 8
IN_VAIN = 3
WHY = "The policy is a larger network each time"


def _plans(search: Search) -> Iterator[Plan]:
    """Yield more units, after every third time in vain a layer first; each in the other's place where it cannot be."""
    units = search.settings.get("units")
    wider = [(turned("units", units, max(units) + MORE, WHY),)] if isinstance(units, tuple) and units else []
    layer = max(units) if isinstance(units, tuple) and units else MORE
    deeper = [(turned("dense_layer", None, layer, WHY),)] if "dense_layer" in search.settings else []
    in_vain = _in_vain(search)
    yield from [*deeper, *wider] if in_vain and in_vain % IN_VAIN == 0 else [*wider, *deeper]


def _in_vain(search: Search) -> int:
    """Count the newest trials in a row that were given more units, and were no better than their base for it."""
    known = {trial.trial: trial for trial in search.history}
    count = 0
    for trial in reversed(searching(search.history)):
        base = known.get(trial.base or 0)
        wider = any(tweak.name == "units" for tweak in trial.tweaks)
        if base is None or not wider or gain(trial, base, search.history) > 0:
            break
        count += 1
    return count


STRATEGY = Strategy("units+8", newest, _plans)
