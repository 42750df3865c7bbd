"""The winning patch as a mailbox of commits, one per tweak that still acts: what, why, and what it gained.

`git am` makes the commits (`git am --keep-cr` where lines end as on Windows); `git apply` and `patch` read the same
file as one change.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from email.header import Header
from textwrap import shorten

from trainyard.bundle import unpack
from trainyard.diff.lineage import lineage, tweaks_of
from trainyard.diff.patch import HEADER, make_patch, title
from trainyard.diff.squash import files_of, squash
from trainyard.errors import PermanentError
from trainyard.evidence import is_objected_to, noise, repeats
from trainyard.trial import Trial, Tweak, find_trial
from trainyard.words import DATA, number

AUTHOR = "Trainyard <trainyard@localhost>"
SEPARATOR = "From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001\n"
"""How `git am` recognizes the start of a commit; the date in it is git's own constant."""

INSTEAD_OF = " instead of "
Made = tuple[Trial, Tweak]
"""A tweak, and the trial that it was made for."""

_SUBJECT = 72


def patch_of(history: Sequence[Trial], chosen: Trial, get_blob: Callable[[str], bytes]) -> str:
    """Return what *chosen* changed against the author's code: a commit per tweak, else one diff; "" for nothing.

    Raises:
        PermanentError: The code of one of the two is gone, or a diff cannot hold the change.
    """
    if chosen.trial == 1:
        return ""
    before = unpack(get_blob(_bundle(find_trial(history, 1))))
    commits = as_commits(history, chosen, before)
    return make_patch(before, unpack(get_blob(_bundle(chosen)))) if commits is None else commits


def as_commits(history: Sequence[Trial], chosen: Trial, before: Mapping[str, bytes]) -> str | None:
    """Return the commits from the author's code *before* to that of *chosen*.

    None where the history does not hold all of them, or a tweak has no valid diff.
    """
    path = lineage(history, chosen)
    made = [(trial, tweak) for trial in path for tweak in trial.tweaks]
    diffs = [tweak.diff for _, tweak in made]
    complete = path[0].trial == 1 and not path[0].tweaks and all(diff.startswith(HEADER) for diff in diffs)
    if not complete or files_of(diffs) - {title(name) for name in before}:
        return None
    commits = list(squash(before, diffs))
    turns = [_of_one_knob([made[number] for number in (*commit.replaced, commit.number)]) for commit in commits]
    return "".join(
        _commit(_joined(turn, commit.diff), position, len(commits), _body(history, chosen, turn))
        for position, (turn, commit) in enumerate(zip(turns, commits, strict=True), 1)
    )


def _of_one_knob(made: Sequence[Made]) -> Sequence[Made]:
    """Return the last one and the earlier ones of its knob: whatever else it replaced no longer acts."""
    return [each for each in made if each[1].name == made[-1][1].name]


def _joined(turns: Sequence[Made], diff: str) -> Tweak:
    """Return several turns of one knob as one tweak."""
    first, last = turns[0][1], turns[-1][1]
    after, instead, _ = last.deed.rpartition(INSTEAD_OF)
    before = first.deed.rpartition(INSTEAD_OF)[2] if INSTEAD_OF in first.deed else ""
    deed = f"{after}{instead}{before}" if instead and before else last.deed
    return last.model_copy(update={"deed": deed, "diff": diff})


def gain(history: Sequence[Trial], trial: Trial) -> str:
    """Return how the measurement changed from a trial's base to the trial.

    "" where one of them has none, or the base's proves nothing.
    """
    base = find_trial(history, trial.base)
    if base is None or base.measurement is None or trial.measurement is None or is_objected_to(history, base):
        return ""
    before, after = base.measurement, trial.measurement
    on = f" on {DATA[after.data]}" if after.data != "unknown" else ""
    return f"{after.metric}{on}: {number(before.value)} -> {number(after.value)} (trial {base.trial} -> {trial.trial})"


def without(history: Sequence[Trial], chosen: Trial, tweak: Tweak) -> Trial | None:
    """Return the pruned trial that has all tweaks of *chosen* but this one, if it was made."""
    rest = {each.name for each in tweaks_of(history, chosen)} - {tweak.name}
    pruned = (each for each in history if each.purpose == "prune")
    return next((each for each in pruned if {one.name for one in each.tweaks} == rest), None)


def _body(history: Sequence[Trial], chosen: Trial, turns: Sequence[Made]) -> Iterator[str]:
    for trial, tweak in turns:
        yield tweak.reason
        yield from _gained(history, trial, [each.name for each in trial.tweaks if each is not tweak])
    pruned = without(history, chosen, turns[-1][1])
    if pruned is not None:
        values = [(each.trial, each.measurement) for each in (pruned, *repeats(history, pruned))]
        results = (f"{number(value.value) if value else 'no result'} (trial {trial})" for trial, value in values)
        yield f"Without it: {', '.join(results)}."


def _gained(history: Sequence[Trial], trial: Trial, others: Sequence[str]) -> Iterator[str]:
    """Yield what a trial gained, and that this may be nothing."""
    base, measured = find_trial(history, trial.base), trial.measurement
    if (gained := gain(history, trial)) and base and base.measurement and measured:
        together = f", together with {' and '.join(others)}" if others else ""
        is_more = measured.rank() - base.measurement.rank() > noise(base)
        yield f"{gained}{together}.{'' if is_more else ' This is no gain beyond noise.'}"


def _bundle(trial: Trial | None) -> str:
    if trial is None or trial.bundle is None:
        raise PermanentError("there is no code to compare with")
    return trial.bundle


def _commit(tweak: Tweak, position: int, total: int, paragraphs: Iterator[str]) -> str:
    """Write one commit as the mail that `git format-patch` would make of it."""
    summary = f"{tweak.name}: {tweak.deed}" if tweak.deed else tweak.name
    subject = f"[PATCH{f' {position}/{total}' if total > 1 else ''}] {shorten(summary, _SUBJECT, placeholder=' ...')}"
    text = "\n\n".join(_safe(paragraph) for paragraph in paragraphs) + f"\n\n---\n{tweak.diff}-- \nTrainyard\n\n"
    encoded = Header(subject).encode(maxlinelen=0)
    return f"{SEPARATOR}From: {AUTHOR}\nSubject: {encoded}\n\n{text}"


def _safe(paragraph: str) -> str:
    """Indent the lines that `git am` would take for the end of the message, or for the next one."""
    lines = paragraph.splitlines()
    return "\n".join(f" {line}" if line.startswith(("From ", "---", "diff ", "Index: ")) else line for line in lines)
