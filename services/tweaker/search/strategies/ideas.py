"""Ideas of the diagnosis: for each finding the edits that may help, with values, and what each is worth trying."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.tweaker.diagnosis.case import Finding
from services.tweaker.diagnosis.history import score
from services.tweaker.edits.registry import edits
from services.tweaker.edits.space import Choice, Space
from services.tweaker.rules import remedies
from services.tweaker.search.plan import Step, turned
from services.tweaker.search.sampling import Sampling, Tried, proposals
from services.tweaker.search.strategies.outcomes import Outcomes
from services.tweaker.search.strategies.spaces import spaces_of
from services.tweaker.search.strategies.strategy import Search
from trainyard.trial import Setting, Trial

LATER = 0.8
"""What each later remedy for a finding is worth of the one before it."""
PLATEAU = "plateau"
STRUCTURAL: Mapping[str, float] = {"capacity": 4.0, "depth": 4.0, "filters": 4.0}
"""By question, how much more the moves are worth on a plateau that change what the model is."""
MOST = 0.69
"""What that makes them worth at most: less than a sure finding that is not mended yet."""
STARTUP = 2
PROPOSED = 4
UNASKED = 0.01
"""What an edit is worth that no finding asks for, of one that the last finding asks for."""
IN_VAIN = 0.2
"""What an edit that has failed is worth on a plateau, of what it would be worth elsewhere."""
APART = 1.2
"""How far a further number has to lie from those tried: as a ratio."""
TRIES = 6
"""After so many trials of one edit from one base, no further values of it are looked for."""


@dataclass(frozen=True)
class Idea:
    """A step, with the finding that it is for."""

    step: Step
    finding: Finding
    worth: float


def ideas_for(search: Search, done: Outcomes) -> list[Idea]:
    """Return all ideas, the most promising first; a step that helps against two findings is an idea for each."""
    found = [
        Idea(step, finding, _worth(step, finding, rank, search, done))
        for finding in search.findings
        for rank, step in enumerate(dict.fromkeys(_steps(finding, search, done)))
    ]
    return sorted([*found, *_others(search, done, found)], key=lambda idea: -idea.worth)


def _others(search: Search, done: Outcomes, found: Sequence[Idea]) -> Iterator[Idea]:
    """Yield what no finding asks for, such as the edits of an installed package: tried when all else is spent.

    But nothing that is only made or not: such an edit mends one thing, and that was not found.
    """
    asked = {idea.step.edit for idea in found}
    last = search.findings[-1]
    for edit, space in spaces_of(search.settings).items():
        if edit not in asked and not (isinstance(space, Choice) and len(space.values) == 1):
            for rank, setting in enumerate(_proposed(edit, space, search, done)):
                step = turned(edit, search.settings[edit], setting, last.sentence)
                yield Idea(step, last, _worth(step, last, rank, search, done) * UNASKED)


def _worth(step: Step, finding: Finding, rank: int, search: Search, done: Outcomes) -> float:
    worth = finding.confidence * LATER**rank / 2 ** done.failed.get(step.edit, 0.0)
    if all(other.name != PLATEAU for other in search.findings):
        return worth
    if step.edit in done.failed:
        return worth * IN_VAIN
    return max(worth, min(worth * STRUCTURAL.get(step.aspect, 1.0), MOST))


def _steps(finding: Finding, search: Search, done: Outcomes) -> Iterator[Step]:
    """Yield the remedies as the diagnosis has them, then further values of those that were tried already."""
    known = [remedy for remedy in remedies(finding.name, search.case) if remedy.edit in edits()]
    yield from (Step(remedy.edit, remedy.setting, remedy.deed, finding.sentence) for remedy in known)
    for remedy in {remedy.edit: remedy for remedy in reversed(known)}.values():
        if remedy.space is not None and any(_tells(trial, remedy.edit) for trial in done.made):
            for setting in _proposed(remedy.edit, remedy.space, search, done):
                yield turned(remedy.edit, search.settings.get(remedy.edit), setting, finding.sentence)


def _proposed(edit: str, space: Space, search: Search, done: Outcomes) -> Iterator[Setting]:
    """Yield further values of an edit, as what came of its values from here so far suggests."""
    tried = [trial for trial in done.made if _tells(trial, edit)]
    if len(tried) < TRIES:
        known = _as_tried(edit, tried, search)
        for chosen in proposals({edit: space}, known, Sampling(search.draw, STARTUP, together=True), PROPOSED):
            if all(_differ(chosen[edit], each.chosen[edit]) for each in known):
                yield chosen[edit]


def _differ(one: Setting, other: Setting) -> bool:
    """Tell whether two settings are so far apart that a trial of the second may tell more than that of the first."""
    if isinstance(one, int | float) and isinstance(other, int | float) and one > 0 and other > 0:
        return max(one, other) / min(one, other) >= APART
    return one != other


def _tells(trial: Trial, edit: str) -> bool:
    return any(tweak.name == edit for tweak in trial.tweaks)


def _as_tried(edit: str, trials: Sequence[Trial], search: Search) -> list[Tried]:
    """Return the values so far, that in the base's code among them; one that crashed is as bad as the worst."""
    own = score(search.base, search.history)
    places = [score(trial, search.history) for trial in trials]
    worst = min((place[1] for place in (own, *places) if place is not None), default=0.0)
    told = [next(tweak.setting for tweak in trial.tweaks if tweak.name == edit) for trial in trials]
    values = [place[1] if place is not None else worst for place in places]
    before = [(search.settings.get(edit), own[1])] if own is not None else []
    return [Tried({edit: setting}, value) for setting, value in [*before, *zip(told, values, strict=True)]]
