"""What a good engineer does: find out what is wrong, change that, and learn from what came of it."""

import math
from collections.abc import Iterable, Iterator, Sequence

from services.tweaker.diagnosis.history import best_first, gain, score
from services.tweaker.edits.registry import edits
from services.tweaker.rules import SURE, objections
from services.tweaker.search.plan import Keys, Plan, Step, each_once, keys_of
from services.tweaker.search.strategies.ideas import Idea, Outcomes, ideas_for, outcomes
from services.tweaker.search.strategies.sampling import turn
from services.tweaker.search.strategies.strategy import Search, Strategy
from trainyard.evidence import LEAST_NOISE
from trainyard.trial import Trial, Tweak, find_trial

CEILING, CERTAIN = "ceiling", 0.9
"""The finding that the data allow no more, and the confidence from which on it ends the search."""
SWAP = "swap_estimator"
BESIDE = frozenset({SWAP, "scale_inputs", "components", "class_weight"})
"""What another estimator leaves to do; all else are settings of the old one."""
BASES = 3
PACE = frozenset({"length", "training", "schedule", "batches", "training_stop"})
"""Aspects that are about how long and in which steps a network is trained."""
ABSURD = 0.85
"""The confidence from which on the pace is wrong whatever else is, so that it changes in one trial with that."""


def _bases(history: Sequence[Trial]) -> Sequence[Trial]:
    """Start from the best trial; when its ideas are used up, from the next best ones that were improvements."""
    best = sorted(best_first(history), key=lambda trial: _rank(trial, history), reverse=True)
    return ([trial for trial in best if _is_forward(trial, history)] or history)[:BASES]


def _is_forward(trial: Trial, history: Sequence[Trial]) -> bool:
    base = find_trial(history, trial.base)
    if base is None or score(base, history) is None:
        return True
    return gain(trial, base, history) > 0 or _rank(trial, history)[-1] > 0


def _rank(trial: Trial, history: Sequence[Trial]) -> tuple[bool, float, int]:
    """Return how good a trial is as a base, and how many steps to it mended something that the value does not show.

    Where what was surely wrong is mended and the value is no worse, that is the better base: what else is wrong shows
    there, and one remedy alone may not be enough to show.
    """
    held_out, value = score(trial, history) or (False, -math.inf)
    base = find_trial(history, trial.base)
    if base is None or score(base, history) is None or not any(_is_sure(tweak, trial) for tweak in trial.tweaks):
        return held_out, value, 0
    if not -LEAST_NOISE <= gain(trial, base, history) <= 0:
        return held_out, value, 0
    held_out, value, mended = _rank(base, history)
    return held_out, value, mended + 1


def _is_sure(tweak: Tweak, trial: Trial) -> bool:
    """Return whether a tweak is for what was surely wrong, other than by training differently, which has to show."""
    sure = {found.sentence for found in trial.diagnosis if found.confidence >= SURE}
    step = Step.again(tweak)
    return tweak.name in edits() and step.aspect not in PACE and step.why in sure


def _plans(search: Search) -> Iterator[Plan]:
    """Yield what to try: all sure and independent findings together, what helped elsewhere, then edit by edit.

    What was made together and failed, or did worse, is taken apart first; what ended in a failure is never made again.
    """
    done = outcomes(search)
    ideas = ideas_for(search, done)
    for plan in each_once((*_apart(ideas, done), *_in_order(ideas, search))):
        if not any(crashed <= keys_of(plan) for crashed in done.crashed):
            yield plan


def _apart(ideas: Sequence[Idea], done: Outcomes) -> Iterator[Plan]:
    """Yield one by one the edits that did harm together: one of them may be sound."""
    suspects = Keys().union(*done.crashed, *done.harmed)
    yield from ((idea.step,) for idea in ideas if idea.step.key in suspects)


def _in_order(ideas: Sequence[Idea], search: Search) -> Iterator[Plan]:
    """Yield the plans that the ideas make, the best first.

    Where the data are wrong, every plan mends that first, since nothing else can be judged before.
    """
    together = _together(ideas)
    yield from [_joined(together, together[-1])] if together else []
    yield from _combined(search)
    bad_data = any(idea.finding.grounds == "data" for idea in together)
    joined = [_joined(together, idea) for idea in ideas]
    alone = [(idea.step,) for idea in ideas]
    yield from [*joined, *alone] if bad_data else [*alone, *joined]


def _together(ideas: Sequence[Idea]) -> tuple[Idea, ...]:
    """Return the best idea of every aspect that is sure; curves count only where nothing else is wrong.

    What is wrong with the data or the model is mended at the author's own pace first: so the cheaper trial comes first,
    and it shows what the remedy is worth.
    """
    sure = [idea for idea in ideas if idea.finding.confidence >= SURE]
    solid = [idea for idea in sure if idea.finding.grounds != "curves"]
    own_pace = [idea for idea in solid if idea.step.aspect not in PACE]
    absurd = [idea for idea in solid if idea.step.aspect in PACE and idea.finding.confidence >= ABSURD]
    return _independent([*own_pace, *absurd] if own_pace else solid or sure)


def _independent(ideas: Iterable[Idea]) -> tuple[Idea, ...]:
    """Return the first idea of each aspect, one for each finding; nothing about an estimator that is replaced."""
    chosen: dict[str, Idea] = {}
    for idea in ideas:
        if idea.finding not in [taken.finding for taken in chosen.values()]:
            chosen.setdefault(idea.step.aspect, idea)
    replaced = any(idea.step.edit == SWAP for idea in chosen.values())
    return tuple(idea for idea in chosen.values() if not replaced or idea.step.edit in BESIDE)


def _joined(together: Sequence[Idea], idea: Idea) -> Plan:
    """Return the sure steps and one more, which takes the place of that of its aspect.

    What brings its own settings goes before these: another estimator leaves nothing of them.
    """
    kept = [each.step for each in together if each.step.aspect != idea.step.aspect]
    return tuple(sorted([*kept, idea.step], key=lambda step: turn(step.edit)))


def _combined(search: Search) -> Iterator[Plan]:
    """Yield what else improved the trial that this one was made from: the two together may go further."""
    origin = find_trial(search.history, search.base.base)
    if origin is None:
        return
    own = {tweak.name for tweak in search.base.tweaks}
    for sibling in best_first(search.history):
        if sibling.base == origin.trial and gain(sibling, origin, search.history) > 0:
            yield tuple(Step.again(tweak) for tweak in sibling.tweaks if tweak.name not in own)


def _stop(search: Search) -> str:
    """Return what makes every further trial vain: data that allow no more, or whose measurement would prove nothing."""
    ceilings = [found for found in search.findings if found.name == CEILING and found.confidence >= CERTAIN]
    vain = [found for found in objections(search.case) if found.grounds == "data"]
    return next((found.sentence for found in (*ceilings, *vain)), "")


STRATEGY = Strategy("diagnosis", _bases, _plans, _stop)
