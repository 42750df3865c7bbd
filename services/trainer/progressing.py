"""Tells of runs under way: their epochs, what they print and what they use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import structlog

from services.trainer.ports import Pace, Tools
from services.trainer.progress import Progress, cores, progress_of
from trainyard.engine.port import Container, Output, Usage
from trainyard.engine.verdict import run_file
from trainyard.errors import EngineUnavailableError
from trainyard.lines import bounded
from trainyard.messages import TrainingProgressed

log = structlog.get_logger()

LOG_CHARACTERS = 4096
"""How much of what a run printed since the last message goes along."""


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
