"""The messages that the monitor publishes, and their sentences for people."""

from services.monitor.domain import Cause, GivenUp, Limits, Wait
from trainyard.engine.port import Container
from trainyard.engine.verdict import Error
from trainyard.messages import CodeReady, TrainingFailed, TrainingProgressed
from trainyard.trial import Failure, FailureReason

SECONDS_A_MINUTE = 60

REASONS: dict[GivenUp, FailureReason] = {
    "no_result": "no_result",
    "crashed": "crashed",
    "stalled": "crashed",
    "out_of_memory": "out_of_memory",
    "timed_out": "timed_out",
}

REMEDIES: dict[GivenUp, str] = {
    "no_result": (
        "Let the script end by itself (replacing the process, as os.execv() does, leaves no time to measure), "
        "and make sure that its metric is a number, not NaN."
    ),
    "crashed": "The end of the log shows what it did last; Python ends so when it cannot start or the disk is full.",
    "stalled": "Look for an endless loop or a wait for input; a long step should print something now and then.",
    "out_of_memory": "Increase resources.memory in trainyard.toml, or load and train in smaller batches.",
    "timed_out": "Increase resources.hours in trainyard.toml, or train for fewer epochs.",
}

SHARED_MEMORY = (
    "The processes of a data loader pass data through shared memory, which was full: increase resources.shm in "
    "trainyard.toml, or use fewer processes (num_workers=0)."
)

_NATIVE = (
    "A native library crashed: the end of the log shows what the script called last. Write another version of that "
    "library into requirements.txt, or do without the call."
)
CRASHES = {
    128 + 4: "A library was built for another processor: write a version that runs on this one into requirements.txt.",
    128 + 6: _NATIVE,
    128 + 7: SHARED_MEMORY,
    128 + 9: "Something outside of the training killed it, as a machine without free memory does: train less at once "
    "(TRAINYARD_TRAINER_SLOTS), or on a machine with more memory.",
    128 + 11: _NATIVE,
}
"""What can be done about a crash, by the exit code that a signal leaves."""

REFUSED_MEMORY = ("MemoryError", "ResourceExhaustedError")
"""What Python, NumPy and TensorFlow raise when an allocation is refused; nothing is killed then."""


def next_run(container: Container) -> CodeReady:
    """Ask for the next run of the trial."""
    return container.message.model_copy(update={"run": container.message.run + 1})


def trying_again(container: Container, wait: Wait, limits: Limits) -> TrainingProgressed:
    """Return the message that the run crashed and when the next one starts."""
    message = container.message
    return TrainingProgressed(
        job=message.job,
        trial=message.trial,
        run=message.run,
        phase="crashed",
        detail=_what_happened(container, wait.cause, limits),
        at=container.finished,
        until=wait.until,
    )


def failed(container: Container, failure: Failure) -> TrainingFailed:
    """Return the message that the trial failed."""
    message = container.message
    seconds = max(0.0, container.finished - container.started)
    trial = message.requested_trial().model_copy(update={"failure": failure, "seconds": seconds})
    return TrainingFailed.of(message, trial)


def given_up(container: Container, reason: GivenUp, limits: Limits, log_tail: str) -> Failure:
    """Return why a trial is not run again, and what its author can do."""
    remedy = CRASHES.get(container.exit_code or 0) if reason == "crashed" else None
    return Failure(
        reason=REASONS[reason],
        message=_message(container, reason, limits),
        remedy=remedy or REMEDIES[reason],
        log_tail=log_tail,
    )


def script_failed(container: Container, error: Error, log_tail: str) -> Failure:
    """Return why the script failed: its own error, or the memory limit that it or its child ran into.

    A script outlives a child that was killed at the limit, and raises an error about lost workers.
    """
    failure = error.as_failure(log_tail)
    limit = container.message.policy.resources.memory
    if container.out_of_memory:
        message = f"{_at_limit(limit)}, after which the script failed: {failure.message}"
        return failure.model_copy(
            update={"reason": "out_of_memory", "message": message, "remedy": REMEDIES["out_of_memory"]}
        )
    if error.type.endswith(REFUSED_MEMORY):
        remedy = f"It requested more memory than is available; the limit is {limit}. {REMEDIES['out_of_memory']}"
        return failure.model_copy(update={"remedy": remedy})
    return failure.model_copy(update={"remedy": SHARED_MEMORY}) if "shared memory" in error.message else failure


def _message(container: Container, reason: GivenUp, limits: Limits) -> str:
    if reason == "out_of_memory" and container.exit_code == 0:
        limit = container.message.policy.resources.memory
        return f"{_at_limit(limit)}, after which the script ended without a readable result."
    if reason == "no_result":
        return "The run exited with code 0 without leaving a readable result."
    if reason == "timed_out":
        hours = container.message.policy.resources.hours
        return f"The run was killed because it exceeded its limit of {hours:g} hours (resources.hours)."
    runs = container.message.run
    started = "once" if runs == 1 else f"{runs} times"
    return (
        f"The training was started {started} and never completed; "
        f"the last time, {_what_happened(container, reason, limits)}."
    )


def _what_happened(container: Container, why: Cause, limits: Limits) -> str:
    if why == "out_of_memory":
        return f"it was killed at {_limit(container.message.policy.resources.memory)}"
    if why == "stalled":
        minutes = limits.stall / SECONDS_A_MINUTE
        return f"it was killed because it printed nothing and reported no progress for {minutes:g} minutes"
    return f"it exited with {_exit(container.exit_code)}"


def _at_limit(memory: str) -> str:
    return f"A process of the training was killed at {_limit(memory)}"


def _limit(memory: str) -> str:
    return f"its memory limit of {memory} (resources.memory)"


def _exit(code: int | None) -> str:
    killed, signals = 128, {4: "SIGILL", 6: "SIGABRT", 7: "SIGBUS", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM"}
    name = signals.get((code or 0) - killed)
    return f"code {code} ({name})" if name else f"code {code}"
