"""Ideas of the diagnosis: for each finding the edits that may help, with values, and what each is worth trying."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from services.tweaker.diagnosis.case import Finding
from services.tweaker.diagnosis.history import changes, gain, made_from
from services.tweaker.edits.space import Choice, Space
from services.tweaker.rules import remedies
from services.tweaker.search.plan import Keys, Step, keys_of
from services.tweaker.search.strategies.sampling import Tried, proposals, rated, spaces_of
from services.tweaker.search.strategies.strategy import Search
from trainyard.trial import Setting, Trial

LATER = 0.8
"""What each later remedy for a finding is worth of the one before it."""
PLATEAU = "plateau"
STRUCTURAL: Mapping[str, float] = {"capacity": 4.0, "depth": 4.0, "filters": 4.0}
"""By aspect, how much more the moves are worth on a plateau that change what the model is."""
MOST = 0.69
"""What that makes them worth at most: less than a sure finding that is not mended yet."""
STARTUP = 2
PROPOSED = 4
UNASKED = 0.01
"""The worth of an edit that no finding asks for, as a share of one that the last finding asks for."""
IN_VAIN = 0.2
"""The worth of an edit that has failed, on a plateau, as a share of what it would be worth elsewhere."""
APART = 1.2
"""How far a further number has to lie from those tried: as a ratio."""
TRIES = 6
"""After so many trials of one edit from one base, no further values of it are looked for."""


@dataclass(frozen=True)
class Outcomes:
    """The trials that were made from one base, and by how much each of them is better than that."""

    made: Sequence[Trial]
    gains: Sequence[float]

    def failures(self, edit: str) -> float:
        """Return in how many trials the edit did no good; several edits of one trial share that."""
        worse = [trial for trial, gained in zip(self.made, self.gains, strict=True) if gained <= 0]
        return sum(1 / len(trial.tweaks) for trial in worse if edit in changes(trial))

    @property
    def crashed(self) -> Sequence[Keys]:
        """What was made in the trials that failed."""
        return [keys_of(trial.tweaks) for trial in self.made if trial.failure is not None]

    @property
    def harmed(self) -> Sequence[Keys]:
        """What was made together and did harm."""
        results = zip(self.made, self.gains, strict=True)
        return [keys_of(trial.tweaks) for trial, gained in results if gained < 0 and len(trial.tweaks) > 1]


@dataclass(frozen=True)
class Idea:
    """A step, with the finding that it is for."""

    step: Step
    finding: Finding
    worth: float


def outcomes(search: Search) -> Outcomes:
    """Return what came of the trials that were made from the search's base."""
    made = [trial for trial in made_from(search.base, search.history) if trial.tweaks]
    return Outcomes(made, [gain(trial, search.base, search.history) for trial in made])


def ideas_for(search: Search, done: Outcomes) -> list[Idea]:
    """Return all ideas, the most promising first; a step that helps against two findings is an idea for each."""
    found = [
        Idea(step, finding, _worth(step, finding, rank, search, done))
        for finding in search.findings
        for rank, step in enumerate(dict.fromkeys(_steps(finding, search, done)))
    ]
    return sorted([*found, *_others(search, done, found)], key=lambda idea: -idea.worth)


def _others(search: Search, done: Outcomes, found: Sequence[Idea]) -> Iterator[Idea]:
    """Yield what no finding asks for, such as the edits of an installed package: tried when all else is used up.

    But nothing that is only made or not: such an edit mends one thing, and that was not found.
    """
    asked = {idea.step.edit for idea in found}
    last = search.findings[-1]
    for edit, space in spaces_of(search.settings).items():
        if edit not in asked and not (isinstance(space, Choice) and len(space.values) == 1):
            for rank, setting in enumerate(_proposed(edit, space, search, done)):
                step = Step.change(edit, search.settings[edit], setting, last.sentence)
                yield Idea(step, last, _worth(step, last, rank, search, done) * UNASKED)


def _worth(step: Step, finding: Finding, rank: int, search: Search, done: Outcomes) -> float:
    worth = finding.confidence * LATER**rank / 2 ** done.failures(step.edit)
    if all(other.name != PLATEAU for other in search.findings):
        return worth
    if done.failures(step.edit):
        return worth * IN_VAIN
    return max(worth, min(worth * STRUCTURAL.get(step.aspect, 1.0), MOST))


def _steps(finding: Finding, search: Search, done: Outcomes) -> Iterator[Step]:
    """Yield the remedies as the diagnosis has them, then further values of those that were tried already."""
    known = remedies(finding.name, search.case)
    yield from (Step(remedy.edit, remedy.setting, remedy.deed, finding.sentence) for remedy in known)
    made = set[str]().union(*map(changes, done.made))
    for edit, space in {remedy.edit: remedy.space for remedy in reversed(known)}.items():
        if space is not None and edit in made:
            for setting in _proposed(edit, space, search, done):
                yield Step.change(edit, search.settings.get(edit), setting, finding.sentence)


def _proposed(edit: str, space: Space, search: Search, done: Outcomes) -> Iterator[Setting]:
    """Yield further values of an edit, as what came of its values from here so far suggests."""
    trials = [trial for trial in done.made if edit in changes(trial)]
    if len(trials) < TRIES:
        known = _as_tried(edit, trials, search)
        for chosen in islice(proposals({edit: space}, known, seed=search.draw, startup=STARTUP), PROPOSED):
            if all(_differ(chosen[edit], made[edit]) for made, _ in known):
                yield chosen[edit]


def _differ(one: Setting, other: Setting) -> bool:
    """Return whether two values are so far apart that a trial of one says little about the other."""
    if isinstance(one, int | float) and isinstance(other, int | float) and one > 0 and other > 0:
        return max(one, other) / min(one, other) >= APART
    return one != other


def _as_tried(edit: str, trials: Sequence[Trial], search: Search) -> Sequence[Tried]:
    """Return the values so far, that in the base's code first where it measured something."""
    chosen = [{edit: search.settings.get(edit)}, *({edit: changes(trial)[edit]} for trial in trials)]
    tried = list(zip(chosen, rated([search.base, *trials], search.history), strict=True))
    return tried if search.base.measurement is not None else tried[1:]
