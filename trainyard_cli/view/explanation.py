"""How a job went: what was wrong, what was tried to fix it, what that gained, and what is delivered."""

from collections.abc import Iterator

from rich.text import Text

from trainyard.diff.commits import gain, without
from trainyard.diff.lineage import lineage
from trainyard.trial import Trial
from trainyard.words import FAILURES, duration, measured, origin, tweak_name
from trainyard_cli.view import words
from trainyard_cli.view.ending import headline
from trainyard_cli.view.job import Job, ended

LEAST_CONFIDENCE = 0.2
"""Findings below it only list what is left to try, and explain nothing."""


def explanation(job: Job) -> Iterator[Text]:
    """Yield the lines that explain *job*, trial by trial."""
    yield headline(job) if job.outcome else Text(f"{job.job}: {job.state}", "bold")
    if job.why:
        yield Text(job.why)
    for trial in job.history:
        yield Text("")
        yield from _trial(job, trial)
    yield from _delivered(job)


def _trial(job: Job, trial: Trial) -> Iterator[Text]:
    base = f", based on trial {trial.base}" if trial.base and trial.base != trial.trial - 1 else ""
    yield Text.assemble((f"Trial {trial.trial}", "bold"), f"{base}: {_result(job, trial)}")
    yield from map(_indented, origin(trial))
    yield from _findings(trial)
    for tweak in trial.tweaks:
        yield Text.assemble("  ", (tweak_name(tweak), "bold cyan"), f": {tweak.deed or tweak.reason}")
    if trial.cut_short:
        yield _indented("stopped early because its curve was not promising, so it could not pass")


def _findings(trial: Trial) -> Iterator[Text]:
    """Yield what was wrong with the trial that this one is based on, and how sure that was."""
    findings = [each for each in trial.diagnosis if each.confidence >= LEAST_CONFIDENCE]
    if findings:
        yield _indented(f"What was wrong with trial {trial.base}:")
    for each in findings:
        yield _indented(f"{each.confidence:4.0%}  {each.sentence}", 4)
        if each.left_alone:
            yield _indented(f"not changed, because {each.left_alone}", 10)


def _result(job: Job, trial: Trial) -> str:
    if trial.failure:
        return f"{FAILURES[trial.failure.reason]}: {trial.failure.message}"
    if trial.measurement:
        return f"{measured(trial.measurement, job.threshold)} in {duration(trial.seconds)}"
    return words.state(job, trial) if not ended(trial) else ""


def _delivered(job: Job) -> Iterator[Text]:
    best = job.delivered()
    if best is None or not any(trial.tweaks for trial in lineage(job.history, best)):
        return
    yield Text("")
    yield Text("The patch", "bold")
    for trial in lineage(job.history, best):
        for tweak in trial.tweaks:
            yield Text.assemble("  ", (tweak_name(tweak), "bold cyan"), f": {tweak.reason}")
            pruned = without(job.history, best, tweak)
            if pruned is not None:
                yield _indented(f"without it: {_result(job, pruned)} (trial {pruned.trial})", 4)
        if trial.tweaks:
            yield _indented(gain(job.history, trial), 4)


def _indented(line: str, by: int = 2) -> Text:
    return Text(f"{' ' * by}{line}", "dim")
