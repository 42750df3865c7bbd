"""The monitor's source: look at every container, decide, act, and wait for the next reason to look."""

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field

import structlog

from services.monitor import domain, words
from services.monitor.domain import Discard, Facts, Fail, Kill, Leave, Limits, Resume, Wait
from services.monitor.ports import Counts
from trainyard import marks as names
from trainyard.engine.port import Container, Engine, GoneError
from trainyard.engine.verdict import Ending, ending, read_error
from trainyard.errors import EngineUnavailableError, StorageUnavailableError, TransientError
from trainyard.messages import Message
from trainyard.storage import Storage
from trainyard.trial import Failure

SOON_SECONDS = 5.0
"""When to look again after something did not answer, or for the verdict on a reported failure."""

SLICE_SECONDS = 1.0
"""How long to wait for the engine without checking for the request to stop."""

log = structlog.get_logger()


@dataclass
class Memory:
    """What this process need not repeat; a repeat after a restart does no harm.

    Attributes:
        reported: Containers whose failure was published.
        announced: Containers whose next run was announced.
        endings: How containers ended, which no longer changes.
        skipped: Containers that the last pass could not handle.
    """

    reported: set[str] = field(default_factory=set)
    announced: set[str] = field(default_factory=set)
    endings: dict[str, Ending] = field(default_factory=dict)
    skipped: set[str] = field(default_factory=set)

    def keep(self, present: Iterable[Container]) -> None:
        """Forget every container that is gone."""
        here = {container.name for container in present}
        self.reported &= here
        self.announced &= here
        self.endings = {name: how for name, how in self.endings.items() if name in here}


@dataclass(frozen=True)
class Watch:
    """What the monitor works with; passes are at most *every* seconds apart, `now` is the clock."""

    engine: Engine
    marks: Storage
    counts: Counts
    limits: Limits
    every: float = 30.0
    now: Callable[[], float] = time.time
    memory: Memory = field(default_factory=Memory)


def watch_containers(stop: threading.Event, watch: Watch) -> Iterator[Message]:
    """Reconcile now, at every hint of a change, when a backoff is over, and regularly, until *stop* is set."""
    while not stop.is_set():
        due = yield from _pass(watch)
        _pause(stop, watch, due)


def reconcile(watch: Watch) -> Generator[Message, None, list[Wait]]:
    """Compare everything once, and return the waits that this leads to.

    A container that cannot be handled is skipped and does not hold up the others.

    Raises:
        EngineUnavailableError: The engine did not list its containers or volumes.
        StorageUnavailableError: The marks could not be read.
    """
    containers = watch.engine.containers()
    watch.memory.keep(containers)
    watch.memory.skipped.clear()
    waits: list[Wait] = []
    for container in containers:
        try:
            action = domain.decide(container, _facts(watch, container), watch.now(), watch.limits)
            waits.extend([action] if isinstance(action, Wait) else [])
            yield from _act(watch, container, action)
        except GoneError:
            log.info("another service was first", container=container.name)
        except Exception as error:  # noqa: BLE001  what a script left behind must not hold up the others
            _skip(watch, container, error)
    _collect_volumes(watch, containers)
    watch.counts.compared(containers)
    return waits


def _pass(watch: Watch) -> Generator[Message, None, float]:
    """Reconcile and return when to do so again."""
    try:
        waits = yield from reconcile(watch)
    except (EngineUnavailableError, StorageUnavailableError) as error:
        log.warning("the pass was not completed", error=str(error), again_in=SOON_SECONDS)
        return watch.now() + SOON_SECONDS
    every = min(watch.every, SOON_SECONDS) if watch.memory.reported or watch.memory.skipped else watch.every
    return domain.next_pass(watch.now(), every, waits)


def _skip(watch: Watch, container: Container, error: Exception) -> None:
    """Note that a container needs another look soon; an unforeseen error is logged with its traceback."""
    watch.memory.skipped.add(container.name)
    unforeseen = None if isinstance(error, TransientError) else error
    log.warning(
        "a container could not be handled",
        container=container.name,
        error=str(error),
        again_in=SOON_SECONDS,
        exc_info=unforeseen,
    )


def _pause(stop: threading.Event, watch: Watch, due: float) -> None:
    while not stop.is_set() and (left := due - watch.now()) > 0:
        try:
            if watch.engine.wait_for_change(min(left, SLICE_SECONDS)):
                return
        except EngineUnavailableError:
            stop.wait(min(left, SOON_SECONDS))
            return


def _facts(watch: Watch, container: Container) -> Facts:
    """Read what the decision about one container depends on, and no more."""
    message, marked = container.message, watch.marks.marked
    ended, decided = marked(names.ended(message.job)), marked(names.decided(message.job, message.trial))
    over = ended or decided or container.state == "created"
    how = _ending(watch, container) if container.state == "exited" and not over else None
    dated = not over and (container.state == "running" or how == "crashed")
    return Facts(
        ended=ended,
        decided=decided,
        superseded=marked(names.superseded(message.job, message.trial, message.run)),
        ending=how,
        last_output=watch.engine.last_output(container) if dated else container.finished,
        reported=container.name in watch.memory.reported,
    )


def _ending(watch: Watch, container: Container) -> Ending:
    known = watch.memory.endings
    if container.name not in known:
        known[container.name] = ending(watch.engine, container)
    return known[container.name]


def _act(watch: Watch, container: Container, action: domain.Action) -> Iterator[Message]:
    match action:
        case Leave():
            return
        case Kill():
            log.warning("ending a run", job=container.message.job, container=container.name, why=action.why)
            watch.engine.kill(container.name)
        case Wait():
            yield from _announce(watch, container, action)
        case Resume():
            yield from _resume(watch, container, action)
        case Fail():
            yield from _report(watch, container, action)
        case Discard():
            _discard(watch, container, action)


def _announce(watch: Watch, container: Container, action: Wait) -> Iterator[Message]:
    if container.name not in watch.memory.announced:
        log.warning("a run crashed", job=container.message.job, container=container.name, cause=action.cause)
        yield words.trying_again(container, action, watch.limits)
        watch.memory.announced.add(container.name)


def _resume(watch: Watch, container: Container, action: Resume) -> Iterator[Message]:
    """Mark, publish, and once that is confirmed remove; after an interruption, the next pass continues here."""
    message = container.message
    watch.marks.mark(names.superseded(message.job, message.trial, message.run))
    yield words.next_run(container)
    log.info("a run is resumed as the next one", job=message.job, container=container.name, cause=action.cause)
    if not action.repeat:
        watch.counts.resumed(action.cause)
    watch.engine.remove(container.name)


def _report(watch: Watch, container: Container, action: Fail) -> Iterator[Message]:
    """Publish the failure; the container stays until its trial is decided."""
    failure = _failure(watch, container, action.reason)
    yield words.failed(container, failure)
    log.warning("a trial failed", job=container.message.job, container=container.name, reason=failure.reason)
    watch.memory.reported.add(container.name)
    watch.counts.failed(failure.reason)


def _failure(watch: Watch, container: Container, reason: domain.Reason) -> Failure:
    log_tail = watch.engine.logs(container)
    if reason != "failed":
        return words.given_up(container, reason, watch.limits, log_tail)
    error = read_error(watch.engine, container)
    if error is None:
        raise GoneError(f"the error file of {container.name} is gone")
    return words.script_failed(container, error, log_tail)


def _discard(watch: Watch, container: Container, action: Discard) -> None:
    message = container.message
    watch.engine.remove(container.name)
    if action.volume:
        watch.engine.remove_volume(message.job, message.trial)
    log.info("collected", job=message.job, container=container.name)


def _collect_volumes(watch: Watch, containers: Iterable[Container]) -> None:
    """Remove volumes that no container uses and no later run will need."""
    held = {(container.message.job, container.message.trial) for container in containers}
    for job, trial in watch.engine.volumes():
        if (job, trial) not in held and _is_over(watch, job, trial):
            watch.engine.remove_volume(job, trial)
            log.info("collected a volume", job=job, trial=trial)


def _is_over(watch: Watch, job: str, trial: int) -> bool:
    return watch.marks.marked(names.decided(job, trial)) or watch.marks.marked(names.ended(job))
