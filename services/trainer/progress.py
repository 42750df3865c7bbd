"""Where a run is, read from what the probe writes while it trains, and what it uses meanwhile."""

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
from trainyard.messages import Phase, TrainingProgressed, TrainingState

log = structlog.get_logger()

LOG_CHARACTERS = 4096
"""How much of what a run printed since the last message goes along."""

LEAST_SECONDS = 0.1
"""Between two looks at processor time; over less, the engine's own steps of time would show."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was last reported of a run.

    Attributes:
        at: When, in seconds since 1970.
        state: Where it was.
        cursor: Up to where its output was reported.
        usage: What it used, and when.
    """

    at: float = 0.0
    state: TrainingState | None = None
    cursor: str = ""
    usage: tuple[float, Usage] | None = None


def progress(
    container: Container, reports: dict[str, Report], tools: Tools, pace: Pace
) -> Iterator[TrainingProgressed]:
    """Yield where a run is, not too often: when there is news of it, or of its use after a while."""
    last, at = reports.get(container.name, Report()), tools.now()
    if at - last.at < pace.progress:
        return
    state = read_state(tools.engine.read(container, run_file(container, "epochs.jsonl")))
    output = _new_output(container, last.cursor, tools)
    usage = tools.engine.usage(container)
    is_quiet = state == last.state and not output.text
    if is_quiet and (usage is None or at - last.at < pace.quiet):
        return
    report = Report(at, state, output.cursor, (at, usage) if usage else None)
    follows = container.name in reports
    reports[container.name] = report
    now = _with_usage(state or TrainingState(), usage, cores(last.usage, report.usage))
    yield _message(container, at, output.text, phase="training", follows=follows, **dict(now))


def _with_usage(state: TrainingState, usage: Usage | None, cpu: float | None) -> TrainingState:
    if usage is None:
        return state
    return state.model_copy(update={"memory": usage.memory, "memory_limit": usage.memory_limit, "cpu": cpu})


def last_output(container: Container, reports: dict[str, Report], tools: Tools) -> Iterator[TrainingProgressed]:
    """Yield what a run printed between the last message about it and its end."""
    last = reports.get(container.name, Report())
    output = _new_output(container, last.cursor, tools)
    if output.text:
        follows = container.name in reports
        reports[container.name] = replace(last, cursor=output.cursor)
        yield _message(container, tools.now(), output.text, phase="collecting", follows=follows)


def _new_output(container: Container, cursor: str, tools: Tools) -> Output:
    """Return what is new of the log; one that cannot be read keeps nothing else from being reported."""
    try:
        return tools.engine.output(container, cursor)
    except EngineUnavailableError as error:
        log.info("a run's log could not be read", run=container.name, error=str(error))
        return Output("", cursor)


def _message(
    container: Container, at: float, text: str, *, phase: Phase, follows: bool, **state: Any
) -> TrainingProgressed:
    asked = container.message
    return TrainingProgressed(
        job=asked.job,
        trial=asked.trial,
        run=asked.run,
        phase=phase,
        log=bounded(text, LOG_CHARACTERS),
        log_follows=follows,
        at=at,
        **state,
    )


def cores(before: tuple[float, Usage] | None, now: tuple[float, Usage] | None) -> float | None:
    """Return how many processors a run kept busy between two looks, each a time and what it used until then."""
    if before is None or now is None or now[0] - before[0] < LEAST_SECONDS:
        return None
    return max(0.0, (now[1].cpu_seconds - before[1].cpu_seconds) / (now[0] - before[0]))


def read_state(lines: bytes | None) -> TrainingState | None:
    """Return where a run is by its `epochs.jsonl`, or None while that says nothing of it.

    A last line that is half written is passed over.
    """
    latest: TrainingState | None = None
    for event in _latest_events(lines or b""):
        if event["event"] == "epoch":
            done = _after_epoch(event)
            if latest is None:
                return done
            return latest.model_copy(update={"epoch": max(latest.epoch, done.epoch), "metrics": done.metrics})
        latest = _within_epoch(event)
    return latest


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


def _after_epoch(event: dict[str, Any]) -> TrainingState:
    """Read the end of an epoch; the others will take as long as this one did."""
    epoch, epochs, seconds = _count(event.get("epoch")), _count(event.get("epochs")), _number(event.get("seconds"))
    left = None if seconds is None or epochs < epoch else seconds * (epochs - epoch)
    metrics = event.get("metrics")
    numbers = {str(name): _number(value) for name, value in metrics.items()} if isinstance(metrics, dict) else {}
    return TrainingState(epoch=epoch, epochs=epochs, metrics=numbers, left=left)


def _within_epoch(event: dict[str, Any]) -> TrainingState:
    """Read how far the epoch under way is, which is not complete and thus not counted."""
    return TrainingState(
        epoch=max(0, _count(event.get("epoch")) - 1),
        epochs=_count(event.get("epochs")),
        batch=_count(event.get("batch")),
        batches=_count(event.get("batches")) or None,
        left=_number(event.get("left")),
    )


def _event(line: bytes) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _count(value: object) -> int:
    return int(_number(value) or 0)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
