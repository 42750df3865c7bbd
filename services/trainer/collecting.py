"""The source of messages about trainings: their progress, and the accuracy of those that succeeded."""

import errno
import math
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import structlog

from services.trainer.domain import (
    artifact_name,
    chosen_artifacts,
    chosen_checkpoint,
    failed_trial,
    measured_trial,
    not_a_number,
    volume_path,
)
from services.trainer.ports import Pace, Tools
from services.trainer.progress import Report, last_output, progress
from trainyard import marks
from trainyard.engine.port import Container, running
from trainyard.engine.verdict import ProbeArtifact, Result, ending, read_result
from trainyard.errors import EngineUnavailableError, TrainyardError, TransientError
from trainyard.messages import AccuracyMeasured, CodeReady, Message, TrainingFailed
from trainyard.trial import Artifact

UNSTORABLE = {errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EINVAL, errno.EILSEQ}
"""What a file system answers to a name that is too long, not allowed, or a file's and a folder's at once."""

log = structlog.get_logger()


@dataclass(slots=True)
class Memory:
    """What was reported already, for as long as this process lives; to report it again after a restart is harmless.

    Attributes:
        ended: Whether a run succeeded, by container, once its end was handled.
        reports: What was last reported of one that runs.
        offered: Containers whose end was offered to the broker; those it did not take are looked at last.
    """

    ended: dict[str, bool] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    offered: set[str] = field(default_factory=set)

    def forget_all_but(self, names: set[str]) -> None:
        """Drop what is known of containers that are gone."""
        self.ended = {name: succeeded for name, succeeded in self.ended.items() if name in names}
        self.reports = {name: report for name, report in self.reports.items() if name in names}
        self.offered &= names


def finished_runs(stop: threading.Event, *, tools: Tools, pace: Pace, memory: Memory) -> Iterator[Message]:
    """Look at the engine's containers again and again, until *stop* is set, and yield what there is to report.

    What the engine does not answer is asked again at the next look.
    """
    while not stop.is_set():
        try:
            yield from look(tools=tools, pace=pace, memory=memory)
            tools.engine.wait_for_change(pace.every)
            stop.wait(pace.settle)
        except EngineUnavailableError as error:
            log.warning("the engine does not answer and is asked again", error=str(error))
            stop.wait(pace.every)


def look(*, tools: Tools, pace: Pace, memory: Memory) -> Iterator[Message]:
    """Look once: progress of what runs, accuracies of what succeeded; clear away what was decided.

    A run that cannot be read, stored or reported hides no other.
    """
    containers = tools.engine.containers()
    tools.counts.slots(running(containers), tools.slots)
    memory.forget_all_but({container.name for container in containers})
    for container in sorted(containers, key=lambda each: each.name in memory.offered):
        with structlog.contextvars.bound_contextvars(job=container.message.job):
            try:
                yield from _messages_about(container, tools, pace, memory)
            except EngineUnavailableError as error:
                log.info("a run could not be read and is looked at again", run=container.name, error=str(error))
            except Exception:  # whatever a script left behind must not keep the other runs from being reported
                log.exception("a run could not be dealt with and is looked at again", run=container.name)
    tools.counts.looked()


def _messages_about(container: Container, tools: Tools, pace: Pace, memory: Memory) -> Iterator[Message]:
    if container.state == "running":
        yield from progress(container, memory.reports, tools, pace)
    elif container.state == "exited":
        yield from _ended(container, tools, pace, memory)


def _ended(container: Container, tools: Tools, pace: Pace, memory: Memory) -> Iterator[Message]:
    """Yield the accuracy of a run that succeeded, once; clear it away when its trial needs it no more.

    What did not succeed is the monitor's.
    """
    if container.name not in memory.ended:
        result = read_result(tools.engine, container)
        if result and not _is_decided(container.message, tools):
            yield from last_output(container, memory.reports, tools)
            measured = _measured(container, result, tools, pace)
            memory.offered.add(container.name)  # stays so where publishing fails, which ends this generator
            yield measured
        outcome = "succeeded" if result else ending(tools.engine, container)
        tools.counts.ended(container.kind, outcome, _seconds(container, result) if result else None)
        memory.ended[container.name] = result is not None
    if memory.ended[container.name] and _is_decided(container.message, tools):
        tools.engine.remove(container.name)
        tools.engine.remove_volume(container.message.job, container.message.trial)
        log.info("removed", container=container.name)


def _is_decided(message: CodeReady, tools: Tools) -> bool:
    """Return whether nobody needs the trial's volume any more."""
    return any(map(tools.storage.marked, (marks.decided(message.job, message.trial), marks.ended(message.job))))


def _measured(container: Container, result: Result, tools: Tools, pace: Pace) -> AccuracyMeasured | TrainingFailed:
    """Store the run's files and return the message about what it measured."""
    message = container.message
    if not math.isfinite(result.measurement.value):
        return TrainingFailed.of(message, failed_trial(message, not_a_number(result)))
    stored, skipped = _store(container, result, tools, pace.artifact_bytes)
    stored += _store_checkpoint(container, result, tools, pace.checkpoint_bytes)
    trial = measured_trial(message, result, artifacts=stored, skipped=skipped, seconds=_seconds(container, result))
    return AccuracyMeasured.of(message, trial)


def _store(container: Container, result: Result, tools: Tools, most: int) -> tuple[list[Artifact], list[str]]:
    """Copy the run's files into storage; return what was stored, and the names of what was not."""
    chosen, left = chosen_artifacts(result.artifacts, most)
    copies = [(artifact, _copy(container, artifact, tools, most)) for artifact in chosen]
    skipped = [artifact_name(each) for each in (*left, *(artifact for artifact, copy in copies if copy is None))]
    if skipped:
        log.warning("some of the run's files are not kept", files=skipped, most_bytes=most)
    return [copy for _, copy in copies if copy is not None], skipped


def _store_checkpoint(container: Container, result: Result, tools: Tools, most: int) -> list[Artifact]:
    """Copy the checkpoint that later trials may begin with into storage."""
    chosen = chosen_checkpoint(container.message, result.artifacts, most)
    path = volume_path(chosen, container.message.run) if chosen else None
    data = tools.engine.read(container, path, most) if path else None
    if chosen is None or data is None:
        return []
    location = tools.storage.put_blob(data)
    return [Artifact(name=artifact_name(chosen), kind="checkpoint", location=location, bytes=len(data))]


def _copy(container: Container, artifact: ProbeArtifact, tools: Tools, most: int) -> Artifact | None:
    """Copy one file into storage; None when it is not there, larger than reported, or cannot be stored by its name."""
    path = volume_path(artifact, container.message.run)
    data = tools.engine.read(container, path) if path else None
    if data is None or len(data) > most:
        return None
    name, message = artifact_name(artifact), container.message
    try:
        location = tools.storage.put_file(message.job, message.trial, name, data)
    except (TrainyardError, ValueError) as error:
        if _may_succeed(error):
            raise
        log.warning("a file of the run cannot be stored", file=name, error=str(error))
        return None
    return Artifact(name=name, kind=artifact.kind, location=location, bytes=len(data))


def _may_succeed(error: Exception) -> bool:
    """Return whether the storage is away or full, and the name is not one that it will never take."""
    number = error.__cause__.errno if isinstance(error.__cause__, OSError) else None
    return isinstance(error, TransientError) and number not in UNSTORABLE


def _seconds(container: Container, result: Result) -> float:
    """Return the wall time of the run: the container's, where the engine knows it."""
    lived = container.finished - container.started
    return lived if container.started and lived > 0 else result.seconds
