"""How a job ended: its outcome and why, the reason of each tweak, the diff, the results and how to use them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.text import Text

from trainyard.diff.lineage import lineage
from trainyard.trial import Failure, Trial, Warn
from trainyard.words import evident, older_api, tweak_name
from trainyard_cli.view import words
from trainyard_cli.view.job import Job

_COPY = re.compile(r'File "(?:[^"]*/trainyard-[a-z0-9-]+-t\d+|/trainyard)/code/')


@dataclass(frozen=True, slots=True)
class Delivery:
    """Where patch, models and other files are, and the commands that apply the patch, the preferred one first."""

    patch: str | None = None
    models: Sequence[str] = ()
    others: Sequence[str] = ()
    apply: Sequence[str] = ()


def ending(job: Job, diff: str, delivery: Delivery, *, color: bool) -> RenderableType:
    """Return how *job* ended, with the whole *diff* of the best trial against the author's code."""
    best = job.delivered()
    parts: list[RenderableType] = [headline(job), Text(job.why or ""), *_problems(job, best)]
    parts += [part for trial in _tweaked(job, best) for part in reasons(trial)]
    if diff:
        parts += ["", highlighted(diff) if color else Text(diff.rstrip("\n"))]
    return Group(*parts, *_places(delivery))


def headline(job: Job) -> Text:
    """Return outcome, value, data, threshold and trial in one line."""
    text = Text.assemble((f"{words.SIGNS[job.outcome or 'failed']} {words.outcome(job)}", f"bold {words.style(job)}"))
    best = job.delivered()
    if best and best.measurement:
        where = f"trial {best.trial} of {len(job.history)}"
        text.append(f"  {evident(best.measurement, job.evidence, job.threshold)}, {words.threshold(job)}, {where}")
    return text


def describe_failure(failure: Failure) -> RenderableType:
    """Return what is wrong with the author's code, where, the remedy, and the author's own traceback."""
    where = f"{failure.file}:{failure.line}" if failure.file and failure.line else failure.file or ""
    parts: list[RenderableType] = [Text.assemble((f"{where}: " if where else "", "bold"), (failure.message, "red"))]
    if failure.remedy:
        parts.append(Text.assemble(("Remedy: ", "bold"), failure.remedy))
    if failure.traceback:
        parts += ["", _indented(as_authored(failure.traceback))]
    elif failure.log_tail:
        parts += ["", Text("The last lines of the log:", "dim"), _indented(failure.log_tail)]
    return Group(*parts)


def describe_warning(warning: Warn) -> RenderableType:
    """Return what the script raised after its metric had been measured."""
    where = f"{warning.file}:{warning.line}: " if warning.file and warning.line else ""
    text = Text.assemble(
        ("Warning: ", "bold yellow"), "after its metric was measured, the script ended with ", f"{where}{warning.type}"
    )
    text.append(f": {warning.message}" if warning.message else "")
    return Group(text, *([_indented(as_authored(warning.traceback))] if warning.traceback else []))


def as_authored(traceback: str) -> str:
    """Return a traceback with the author's names of files, not those of the trial's copies."""
    return _COPY.sub('File "', traceback)


def reasons(trial: Trial) -> list[RenderableType]:
    """Return each tweak of *trial* and its reason."""
    lines = [Text.assemble((tweak_name(tweak), "bold cyan"), f": {tweak.reason}") for tweak in trial.tweaks]
    return ["", Text.assemble((f"Trial {trial.trial}", "bold"), " changed"), *[_indented(line) for line in lines]]


def highlighted(diff: str) -> RenderableType:
    """Show a diff in colours."""
    return Syntax(diff.rstrip("\n"), "diff", theme="ansi_dark", background_color="default", word_wrap=True)


def _problems(job: Job, best: Trial | None) -> Iterator[RenderableType]:
    """Yield why the original code failed or needed an older API, and what the best trial raised after measuring."""
    first = job.history[0] if job.history else None
    if first and first.failure and job.outcome == "failed":
        yield from ("", describe_failure(first.failure))
    if first and (older := older_api(first)):
        yield from ("", Text.assemble(("Note: ", "bold yellow"), older))
    if best and best.warning:
        yield from ("", describe_warning(best.warning))


def _tweaked(job: Job, best: Trial | None) -> list[Trial]:
    return [trial for trial in lineage(job.history, best) if trial.tweaks] if best else []


def _places(delivery: Delivery) -> list[RenderableType]:
    named = [("Patch", delivery.patch)] if delivery.patch else []
    named += [("Model", place) for place in delivery.models]
    named += [("File", place) for place in delivery.others]
    named += [(("Apply", "or")[index > 0], command) for index, command in enumerate(delivery.apply)]
    lines = [Text.assemble((f"{label:<7}", "bold"), place or "") for label, place in named]
    return ["", *lines] if lines else []


def _indented(text: Text | str) -> RenderableType:
    """Indent *text* by two columns, without padding lines to the right edge."""
    text = text if isinstance(text, Text) else Text(text.rstrip("\n"), "dim")
    return Text("\n").join([Text.assemble("  ", line) for line in text.split("\n", allow_blank=False)])
