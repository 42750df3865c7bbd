"""What the mail about a job says; the templates decide how it looks."""

from collections.abc import Iterator
from dataclasses import dataclass

from trainyard.evidence import Evidence
from trainyard.messages import JobFinished
from trainyard.trial import Failure, Measurement, Trial, Warn, find_trial
from trainyard.words import DATA, SHORT_DATA, changes, duration, evident, number, spread, trials_and_seeds, unmended


@dataclass(frozen=True, slots=True)
class Row:
    """One trial in the table: an accuracy and its data, or a failure; the best trial's model is delivered."""

    trial: int
    changes: tuple[str, ...]
    accuracy: str
    data: str
    seconds: str
    failure: str
    best: bool


@dataclass(frozen=True, slots=True)
class File:
    """A file of the best trial: where it is kept, and its path below the job's files."""

    name: str
    kind: str
    location: str
    path: str


@dataclass(frozen=True, slots=True)
class Letter:
    """All that the mail says.

    Attributes:
        result: The best accuracy and what it was measured on, or None where nothing was measured.
        failure: Why the original code has no accuracy.
        warning: What the script of the best trial raised after its metric was measured.
        patch: The attachment's name, or None where there is nothing to attach.
        picture: Whether the curves are shown.
        unmended: What was surely found in the delivered code and could not be changed, and why.
    """

    job: str
    title: str
    subject: str
    outcome: str
    why: str
    result: str | None
    threshold: str
    code: str
    trials: str
    duration: str
    rows: tuple[Row, ...]
    files: tuple[File, ...]
    failure: Failure | None
    warning: Warn | None
    patch: str | None
    picture: bool
    url: str
    unmended: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to send; `picture` is shown in the HTML under the content id CURVES."""

    message_id: str
    subject: str
    text: str
    html: str
    picture: bytes | None = None
    patch: str | None = None
    patch_name: str = ""


CURVES = "curves@trainyard"


def message_id(event: JobFinished) -> str:
    """Return the mail's id, the same for every copy, so that mail programs show only one."""
    return f"<{event.job}@trainyard>"


def letter(event: JobFinished, *, files_url: str, patched: bool, pictured: bool) -> Letter:
    """Return what the mail about *event* says, with links below *files_url*."""
    best = event.best_trial()
    return Letter(
        job=event.job,
        title=title(event),
        subject=subject(event),
        outcome=event.word,
        why=event.why,
        result=evident(best.measurement, event.evidence) if best and best.measurement else None,
        threshold=_threshold(event, best),
        code=" at ".join(filter(None, (event.origin.code, event.origin.commit))),
        trials=trials_and_seeds(event.history),
        duration=duration(event.seconds),
        rows=tuple(_row(trial, best) for trial in event.history),
        files=tuple(_files(best)) if best else (),
        failure=_failure(event),
        warning=best.warning if best else None,
        patch=f"{event.job}.patch" if patched else None,
        picture=pictured,
        url=f"{files_url.rstrip('/')}/jobs/{event.job}",
        unmended=tuple(_unmended(event, best)),
    )


def title(event: JobFinished) -> str:
    """Return the job's name for people."""
    return clipped(event.origin.title or event.job, 60)


def subject(event: JobFinished) -> str:
    """Return the mail's subject: how the job ended and its most important fact."""
    start = f"[Trainyard] {title(event)} {event.word}"
    best, after = event.best_trial(), f"after {trials_and_seeds(event.history)}"
    failure = _failure(event)
    if best and best.measurement:
        measurement = best.measurement
        label = "" if event.outcome == "passed" else "best "
        evidence = event.evidence or Evidence(mean=measurement.value)
        value = f"{number(evidence.mean)}{spread(evidence)} ({SHORT_DATA[measurement.data]})"
        return f"{start}: {label}{value} {_sign(event, measurement)} {format_threshold(event.policy.threshold)} {after}"
    if failure:
        return f"{start}: {clipped(failure.message, 80)}"
    return f"{start} {after}"


def _threshold(event: JobFinished, best: Trial | None) -> str:
    metric = event.policy.metric
    direction = best.measurement.direction if best and best.measurement else (metric.direction if metric else "")
    return f"{format_threshold(event.policy.threshold)} or {'less' if direction == 'minimize' else 'more'}"


def _sign(event: JobFinished, measurement: Measurement) -> str:
    above, below = ("≥", "<") if measurement.direction == "maximize" else ("≤", ">")
    return above if measurement.reaches(event.policy.threshold) else below


def _row(trial: Trial, best: Trial | None) -> Row:
    measurement = trial.measurement
    return Row(
        trial=trial.trial,
        changes=tuple(changes(trial)),
        accuracy=number(measurement.value) if measurement else "",
        data=DATA[measurement.data] if measurement else "",
        seconds=duration(trial.seconds),
        failure=clipped(trial.failure.message, 200) if trial.failure else "",
        best=best is not None and trial.trial == best.trial,
    )


def _unmended(event: JobFinished, best: Trial | None) -> Iterator[str]:
    """Yield what was left as it is in the best trial's code, or else in the code that it was made from."""
    if best is not None:
        made = [trial.diagnosis for trial in event.history if trial.base == best.trial and trial.diagnosis]
        for found in [*made, best.diagnosis][0]:
            if found.left_alone:
                yield unmended(found.sentence, found.confidence, found.left_alone)


def _files(trial: Trial) -> Iterator[File]:
    for artifact in sorted(trial.delivered, key=lambda each: each.kind != "model"):
        yield File(artifact.name, artifact.kind, artifact.location, f"t{trial.trial}/{artifact.name}")


def _failure(event: JobFinished) -> Failure | None:
    """Return why the original code has no accuracy."""
    first = find_trial(event.history, 1)
    return first.failure if first else None


def format_threshold(value: float) -> str:
    """Write a threshold with two decimals, or as many as it needs."""
    return f"{value:.2f}" if round(value, 2) == value else number(value)


def clipped(text: str, limit: int) -> str:
    """Put *text* on one line of at most *limit* printable characters."""
    line = "".join(filter(str.isprintable, " ".join(text.split())))
    return line if len(line) <= limit else f"{line[: limit - 1]}…"
