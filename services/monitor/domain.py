"""What the monitor decides about one container: a pure function of what engine, files and marks say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from trainyard.engine.port import Container
from trainyard.engine.verdict import Ending

MOST_BACKOFF_SECONDS = 600.0
SECONDS_AN_HOUR = 3600.0

Cause = Literal["crashed", "out_of_memory", "stalled"]
KillReason = Literal["ended", "decided", "superseded", "stalled", "timed_out"]
GivenUp = Cause | Literal["no_result", "timed_out"]
Reason = GivenUp | Literal["failed"]


@dataclass(frozen=True, slots=True)
class Limits:
    """The operator's settings; times in seconds."""

    max_runs: int = 5
    backoff: float = 5.0
    stall: float = 1800.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a container beside what the engine lists.

    Attributes:
        ended: Its job has its outcome.
        decided: Its trial has its verdict.
        superseded: The next run of its trial was published, or was about to be.
        ending: How it ended, once it has exited.
        last_output: When the script last printed or finished an epoch, in seconds since 1970.
        reported: Its failure was published by this process.
    """

    ended: bool = False
    decided: bool = False
    superseded: bool = False
    ending: Ending | None = None
    last_output: float = 0.0
    reported: bool = False

    @property
    def unwanted(self) -> KillReason | None:
        """Why nobody needs this run's result any more."""
        if self.ended:
            return "ended"
        if self.decided:
            return "decided"
        return "superseded" if self.superseded else None


@dataclass(frozen=True, slots=True)
class Leave:
    """Do nothing for now."""


@dataclass(frozen=True, slots=True)
class Kill:
    """Kill it; the next pass continues from there."""

    why: KillReason


@dataclass(frozen=True, slots=True)
class Wait:
    """Announce that it crashed and is run again at a time, in seconds since 1970."""

    until: float
    cause: Cause


@dataclass(frozen=True, slots=True)
class Resume:
    """Publish the next run, then remove this one.

    Attributes:
        repeat: It was done before, perhaps incompletely.
    """

    cause: Cause
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Fail:
    """Publish that the trial failed; the container stays until the trial is decided."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Discard:
    """Remove the container; its volume too, unless a later run needs it."""

    volume: bool


Action = Leave | Kill | Wait | Resume | Fail | Discard


def decide(container: Container, facts: Facts, now: float, limits: Limits) -> Action:
    """Return what to do about one container of ours."""
    if container.state == "created":
        return _created(facts)
    if container.state == "running":
        return _running(container, facts, now, limits)
    return _exited(container, facts, now, limits)


def backoff(run: int, limits: Limits) -> float:
    """Return the seconds between the end of a run and the start of the next: doubling, at most ten minutes."""
    return float(min(limits.backoff * 2.0 ** min(run - 1, 30), MOST_BACKOFF_SECONDS))


def cause(container: Container, last_output: float, limits: Limits) -> Cause:
    """Return why a run crashed, by engine and clock alone, so that our own kills need not be remembered."""
    if container.out_of_memory:
        return "out_of_memory"
    return "stalled" if container.finished - last_output >= limits.stall else "crashed"


def time_limit(container: Container) -> float:
    """Return how long the run may take, in seconds."""
    return container.message.policy.resources.hours * SECONDS_AN_HOUR


def next_pass(now: float, every: float, waits: Iterable[Wait]) -> float:
    """Return when the next pass is due, in seconds since 1970: after *every* seconds, or when the first wait ends."""
    return min([now + every, *(wait.until for wait in waits)])


def _created(facts: Facts) -> Action:
    """Leave it to the redelivered code.ready, unless that will no longer start it."""
    return Discard(volume=facts.ended or facts.decided) if facts.unwanted else Leave()


def _running(container: Container, facts: Facts, now: float, limits: Limits) -> Action:
    if facts.unwanted:
        return Kill(facts.unwanted)
    if now - container.started >= time_limit(container):
        return Kill("timed_out")
    return Kill("stalled") if now - facts.last_output >= limits.stall else Leave()


def _exited(container: Container, facts: Facts, now: float, limits: Limits) -> Action:
    if facts.ended or facts.decided:
        return Discard(volume=True)
    if facts.ending == "succeeded":
        return Leave()  # the trainer's
    if facts.superseded:  # whether the next run was confirmed is unknown; publishing it again changes nothing
        return Resume(cause(container, facts.last_output, limits), repeat=True)
    reason = _failure(container, facts, limits)
    if reason:
        return Leave() if facts.reported else Fail(reason)
    return _again(container, facts, now, limits)


def _failure(container: Container, facts: Facts, limits: Limits) -> Reason | None:
    """Return why no further run is worthwhile, or None when one is."""
    if facts.ending == "failed":
        return "failed"
    if facts.ending == "no_result":
        return "out_of_memory" if container.out_of_memory else "no_result"
    if container.finished - container.started >= time_limit(container):
        return "timed_out"
    return cause(container, facts.last_output, limits) if container.message.run >= limits.max_runs else None


def _again(container: Container, facts: Facts, now: float, limits: Limits) -> Action:
    """Run it again once its backoff, counted from its end, is over."""
    why = cause(container, facts.last_output, limits)
    until = container.finished + backoff(container.message.run, limits)
    return Wait(until, why) if now < until else Resume(why)
