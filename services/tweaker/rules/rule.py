"""What a rule is: how a problem is detected, and which edits may help."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from services.tweaker.diagnosis.case import Case, Grounds
from services.tweaker.edits.registry import edits
from services.tweaker.edits.space import Choice, Space
from trainyard.trial import Setting

Evidence = tuple[str, float, Grounds]
"""What is wrong and what shows it, as a sentence without a full stop; the confidence from 0 to 1; what it rests on."""
Evidences = Iterator[Evidence]


@dataclass(frozen=True)
class Remedy:
    """One edit, the value that is tried first, what that does in words, and where later values may be looked for.

    It `applies` where the code has what the edit changes; else nothing more is known of it.
    """

    edit: str
    setting: Setting
    deed: str
    space: Space | None = None
    applies: bool = True


Remedies = Iterator[Remedy]


def is_network(case: Case) -> bool:
    """Return whether the model is a network."""
    return case.is_network


def is_one_of(*kinds: str) -> Callable[[Case], bool]:
    """Return the condition that the estimator's class begins with one of these."""
    return lambda case: case.facts.is_one_of(kinds)


def always(_: Case) -> bool:
    """Return true: the condition that holds in every case."""
    return True


def never(_: Case) -> bool:
    """Return false: the condition that holds in no case."""
    return False


@dataclass(frozen=True)
class Rule:
    """One thing that may be wrong.

    Attributes:
        detect: Yields the evidence, of which the first counts. The finding is named as this function, and the table in
            docs/how-it-decides.md is written from its docstring.
        remedies: Yields what may help, the most promising first, with values for the case; by default nothing does.
        of: Returns whether the rule is about such a model.
        fits: Whether the model has to fit its training data, or must not; None where that does not matter.
        objects: Returns, from the facts alone, whether the value itself proves nothing where the finding is certain, so
            that a trial that reached the threshold may not pass.
        stays: Its remedy stays in the diff without a trial: it mends what every merge wants mended, or what happens on
            some seeds only, so that a seed that passes without it proves nothing.
    """

    detect: Callable[[Case], Evidences]
    remedies: Callable[[Case], Remedies] = lambda _: iter(())
    of: Callable[[Case], bool] = always
    fits: bool | None = None
    objects: Callable[[Case], bool] = never
    stays: bool = False

    @property
    def name(self) -> str:
        """The finding's name."""
        return self.detect.__name__

    def evidence(self, case: Case) -> Evidence | None:
        """Return what shows in the case that something is wrong; None where nothing does."""
        applies = self.of(case) and self.fits in (None, case.fits_training_data)
        return next(self.detect(case), None) if applies else None


def offering(edit: str, *settings: Setting, within: Space | None = None) -> Callable[[Case], Remedies]:
    """Return the remedies that are one edit with these values, whatever the case."""
    return lambda case: offer(case, edit, *settings, within=within)


def in_turn(*several: Callable[[Case], Remedies]) -> Callable[[Case], Remedies]:
    """Return the remedies of several one after the other."""
    return lambda case: chain.from_iterable(remedies(case) for remedies in several)


def offer(case: Case, edit: str, *settings: Setting, within: Space | None = None) -> Remedies:
    """Yield a remedy for each setting that the code does not have yet; one that does not apply where it has no place.

    Later values come from *within*, or else from all that make sense for that knob.
    """
    if edit not in case.settings or edit not in edits():
        yield Remedy(edit, None, "", applies=False)
        return
    knob, before = edits()[edit].knob, case.settings[edit]
    space = within or knob.space(before)
    for setting in dict.fromkeys(settings):
        if setting is None or setting != before:
            yield Remedy(edit, setting, knob.deed(before, setting), None if space == Choice() else space)
