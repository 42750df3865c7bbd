"""The winning patch as a mailbox of commits, one per tweak: what, why, and what it gained.

`git am` makes the commits (`git am --keep-cr` where lines end as on Windows); `git apply` and `patch` read the same
file as one change.
"""

from collections.abc import Callable, Iterator, Sequence
from email.header import Header
from textwrap import shorten

from trainyard.bundle import unpack
from trainyard.diff.lineage import lineage
from trainyard.diff.patch import HEADER, make_patch
from trainyard.errors import PermanentError
from trainyard.trial import Trial, Tweak, find_trial
from trainyard.words import DATA, number

AUTHOR = "Trainyard <trainyard@localhost>"
SEPARATOR = "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"
"""How `git am` recognizes the start of a commit; the date in it is git's own constant."""

_SUBJECT = 72


def patch_of(history: Sequence[Trial], chosen: Trial, get_blob: Callable[[str], bytes]) -> str:
    """Return what *chosen* changed against the author's code: a commit per tweak, else one diff; "" for nothing.

    Raises:
        PermanentError: The code of one of the two is gone, or a diff cannot hold the change.
    """
    commits = as_commits(history, chosen)
    if commits is not None:
        return commits
    before, after = (unpack(get_blob(_bundle(trial))) for trial in (find_trial(history, 1), chosen))
    return make_patch(before, after)


def as_commits(history: Sequence[Trial], chosen: Trial) -> str | None:
    """Return the commits from the author's code to that of *chosen*; "" where nothing was changed.

    None where the history does not hold all of them, or a tweak has no valid diff.
    """
    path = lineage(history, chosen)
    tweaks = [(trial, tweak) for trial in path for tweak in trial.tweaks]
    if path[0].trial != 1 or path[0].tweaks or not all(tweak.diff.startswith(HEADER) for _, tweak in tweaks):
        return None
    return "".join(
        _commit(tweak, position, len(tweaks), _body(history, trial, tweak))
        for position, (trial, tweak) in enumerate(tweaks, 1)
    )


def gain(history: Sequence[Trial], trial: Trial) -> str:
    """Return how the measurement changed from a trial's base to the trial; "" where one of them has none."""
    base = find_trial(history, trial.base)
    if base is None or base.measurement is None or trial.measurement is None:
        return ""
    before, after = base.measurement, trial.measurement
    on = f" on {DATA[after.data]}" if after.data != "unknown" else ""
    return f"{after.metric}{on}: {number(before.value)} -> {number(after.value)} (trial {base.trial} -> {trial.trial})"


def without(history: Sequence[Trial], trial: Trial, tweak: Tweak) -> Trial | None:
    """Return the pruned trial that has all tweaks of *trial* but this one, if it was made."""
    rest = {each.name for each in trial.tweaks if each is not tweak}
    return next(
        (each for each in history if each.purpose == "prune" and {one.name for one in each.tweaks} == rest), None
    )


def _body(history: Sequence[Trial], trial: Trial, tweak: Tweak) -> Iterator[str]:
    yield tweak.reason
    others = [each.name for each in trial.tweaks if each is not tweak]
    if gained := gain(history, trial):
        yield f"{gained}, together with {' and '.join(others)}." if others else f"{gained}."
    pruned = without(history, trial, tweak)
    if pruned is not None:
        value = number(pruned.measurement.value) if pruned.measurement else "no result"
        yield f"Without it: {value} (trial {pruned.trial})."


def _bundle(trial: Trial | None) -> str:
    if trial is None or trial.bundle is None:
        raise PermanentError("there is no code to compare with")
    return trial.bundle


def _commit(tweak: Tweak, position: int, total: int, paragraphs: Iterator[str]) -> str:
    """Write one commit as the mail that `git format-patch` would make of it."""
    title = f"{tweak.name}: {tweak.deed}" if tweak.deed else tweak.name
    subject = f"[PATCH{f' {position}/{total}' if total > 1 else ''}] {shorten(title, _SUBJECT, placeholder=' ...')}"
    text = "\n\n".join(_safe(paragraph) for paragraph in paragraphs) + f"\n\n---\n{tweak.diff}-- \nTrainyard\n\n"
    encoded = Header(subject).encode(maxlinelen=0)
    return f"{SEPARATOR}From: {AUTHOR}\nSubject: {encoded}\n\n{text}"


def _safe(paragraph: str) -> str:
    """Indent the lines that `git am` would take for the end of the message, or for the next one."""
    lines = paragraph.splitlines()
    return "\n".join(f" {line}" if line.startswith(("From ", "---", "diff ", "Index: ")) else line for line in lines)
