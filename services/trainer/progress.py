"""Where a run is, read from what the probe writes while it trains, and what it uses meanwhile."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from trainyard.engine.port import Usage

LEAST_SECONDS = 0.1
"""Between two looks at processor time; over less, the engine's own steps of time would show."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run is.

    Attributes:
        fit: Which call of `fit` it is in, counted from 0.
        epoch: Complete epochs.
        epochs: How many there will be; 0 where nothing is known of epochs.
        metrics: The last complete epoch's.
        batch: Complete batches of the epoch that is under way.
        batches: How many it will have, where that is known.
        left: Seconds to the end of the fit, where they can be told.
    """

    fit: int = 0
    epoch: int = 0
    epochs: int = 0
    metrics: tuple[tuple[str, float | None], ...] = ()
    batch: int = 0
    batches: int | None = None
    left: float | None = None


def progress_of(lines: bytes | None) -> Progress | None:
    """Return where a run is by its `epochs.jsonl`, or None while that says nothing of it.

    A last line that is half written is passed over.
    """
    latest: Progress | None = None
    for event in _latest_events(lines or b""):
        if event.get("event") == "epoch":
            done = _epoch(event)
            if latest is None:
                return done
            return replace(latest, epoch=max(latest.epoch, done.epoch), metrics=done.metrics)
        latest = latest or _batch(event)
    return latest


def cores(before: tuple[float, Usage] | None, now: tuple[float, Usage] | None) -> float | None:
    """Return how many processors a run kept busy between two looks, each a time and what it used until then."""
    if before is None or now is None or now[0] - before[0] < LEAST_SECONDS:
        return None
    return max(0.0, (now[1].cpu_seconds - before[1].cpu_seconds) / (now[0] - before[0]))


def _latest_events(lines: bytes) -> Iterator[dict[str, Any]]:
    """Yield the last line of progress, if no epoch ended since, and the last epoch's of the same fit."""
    fit: object = None
    for line in reversed(lines.splitlines()):
        event = _event(line)
        if event.get("event") not in ("epoch", "progress") or (fit is not None and event.get("fit") != fit):
            continue
        if fit is None or event["event"] == "epoch":
            fit = event.get("fit")
            yield event
        if event["event"] == "epoch":
            return


def _epoch(event: dict[str, Any]) -> Progress:
    """Read the end of an epoch; the others will take as long as this one did."""
    epoch, epochs, seconds = _count(event.get("epoch")), _count(event.get("epochs")), _number(event.get("seconds"))
    left = None if seconds is None or epochs < epoch else seconds * (epochs - epoch)
    return Progress(_count(event.get("fit")), epoch, epochs, tuple(_metrics(event.get("metrics")).items()), left=left)


def _batch(event: dict[str, Any]) -> Progress:
    """Read how far the epoch under way is, which is not complete and thus not counted."""
    return Progress(
        fit=_count(event.get("fit")),
        epoch=max(0, _count(event.get("epoch")) - 1),
        epochs=_count(event.get("epochs")),
        batch=_count(event.get("batch")),
        batches=_count(event.get("batches")) or None,
        left=_number(event.get("left")),
    )


def _event(line: bytes) -> dict[str, Any]:
    """Read one line of `epochs.jsonl`; what is no JSON object is nothing."""
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _count(value: object) -> int:
    """Return a count that is missing as 0."""
    return int(_number(value) or 0)


def _number(value: object) -> float | None:
    """Return a number that can be reckoned with."""
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _metrics(values: object) -> dict[str, float | None]:
    """Return an epoch's metrics; what is no finite number is None."""
    return {str(name): _number(value) for name, value in values.items()} if isinstance(values, dict) else {}
