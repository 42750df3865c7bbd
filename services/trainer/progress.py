"""Where a run is, read from what the probe writes while it trains, and what it uses meanwhile."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import structlog

from services.trainer.ports import Pace, Tools
from trainyard.engine.port import Container, Output, Usage
from trainyard.engine.verdict import run_file
from trainyard.errors import EngineUnavailableError
from trainyard.lines import bounded
from trainyard.messages import TrainingProgressed

log = structlog.get_logger()

LOG_CHARACTERS = 4096
"""How much of what a run printed since the last message goes along."""

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


@dataclass(frozen=True, slots=True)
class Said:
    """What was last said of a run.

    Attributes:
        at: When, in seconds since 1970.
        cursor: Up to where its output was told.
        usage: What it used, and when.
        told: Anything was told of it by this process.
    """

    at: float = 0.0
    progress: Progress | None = None
    cursor: str = ""
    usage: tuple[float, Usage] | None = None
    told: bool = False


def progress(container: Container, said: dict[str, Said], tools: Tools, pace: Pace) -> Iterator[TrainingProgressed]:
    """Yield where a run is, not too often: when there is news of it, or of its use after a while."""
    last, at = said.get(container.name, Said()), tools.now()
    if at - last.at < pace.progress:
        return
    where = progress_of(tools.engine.read(container, run_file(container, "epochs.jsonl")))
    output = _printed(container, last.cursor, tools)
    usage = tools.engine.usage(container)
    used = (at, usage) if usage else None
    quiet = where == last.progress and not output.text
    if quiet and (used is None or at - last.at < pace.quiet):
        return
    said[container.name] = Said(at, where, output.cursor, used, told=True)
    where = where or Progress()
    yield _message(container, at, output.text, last).model_copy(
        update={
            "epoch": where.epoch,
            "epochs": where.epochs,
            "metrics": dict(where.metrics),
            "batch": where.batch,
            "batches": where.batches,
            "left": where.left,
            "memory": usage.memory if usage else None,
            "memory_limit": usage.memory_limit if usage else None,
            "cpu": cores(last.usage, used),
        }
    )


def last_words(container: Container, said: dict[str, Said], tools: Tools) -> Iterator[TrainingProgressed]:
    """Yield what a run printed between the last message about it and its end."""
    last = said.get(container.name, Said())
    output = _printed(container, last.cursor, tools)
    if output.text:
        said[container.name] = replace(last, cursor=output.cursor, told=True)
        yield _message(container, tools.now(), output.text, last).model_copy(update={"phase": "collecting"})


def _printed(container: Container, cursor: str, tools: Tools) -> Output:
    """Return what is new of the log; one that cannot be read keeps nothing else from being told."""
    try:
        return tools.engine.output(container, cursor)
    except EngineUnavailableError as error:
        log.info("a run's log could not be read", run=container.name, error=str(error))
        return Output("", cursor)


def _message(container: Container, at: float, text: str, last: Said) -> TrainingProgressed:
    """Return a message with what the run printed since *last*."""
    message = container.message
    return TrainingProgressed(
        job=message.job,
        trial=message.trial,
        run=message.run,
        phase="training",
        log=bounded(text, LOG_CHARACTERS),
        log_follows=last.told,
        at=at,
    )
