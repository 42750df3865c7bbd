"""Strategies that draw values for all knobs in the author's code, without knowing what is wrong.

Random search is what every other search has to beat, with half the trials (Li et al. 2016, arXiv 1603.06560); plain TPE
is what Optuna does without knowing what a knob is.
"""

import math
from collections.abc import Iterator
from itertools import islice
from random import Random

from services.tweaker.diagnosis.history import changes, made_from
from services.tweaker.edits.space import Choice, Space
from services.tweaker.search.plan import Plan, Step, each_once
from services.tweaker.search.strategies.sampling import Chosen, proposals, rated, spaces_of, tidy
from services.tweaker.search.strategies.strategy import Search, Strategy, original
from trainyard.trial import Setting

RANDOM_DRAWS, TPE_DRAWS = 500, 200
"""After so many draws without new code there is none, as far as can be told."""
STARTUP = 10
"""Optuna's own default."""


def _at_random(search: Search) -> Iterator[Plan]:
    spaces, rng = spaces_of(search.settings), Random(search.draw)  # noqa: S311  nothing secret is drawn
    for _ in range(RANDOM_DRAWS):
        drawn = {name: _drawn(space, rng) for name, space in spaces.items() if rng.random() < 1 / 2}
        yield _plan(drawn, search, "Random search proposes this")


def _drawn(space: Space, rng: Random) -> Setting:
    """Return one value of a space, each as likely as the others; on its scale where it has one."""
    if isinstance(space, Choice):
        return rng.choice(space.values)
    if space.log:
        return tidy(math.exp(rng.uniform(math.log(space.low), math.log(space.high))), space)
    return tidy(rng.uniform(space.low, space.high), space)


def _by_tpe(search: Search) -> Iterator[Plan]:
    trials = (search.base, *made_from(search.base, search.history))
    tried = list(zip(map(changes, trials), rated(trials, search.history), strict=True))
    draws = proposals(spaces_of(search.settings), tried, seed=search.draw, startup=STARTUP, optional=True)
    for chosen in islice(draws, TPE_DRAWS):
        yield _plan(chosen, search, "The tree-structured Parzen estimator proposes this")


def _plan(chosen: Chosen, search: Search, why: str) -> Plan:
    return tuple(Step.change(name, search.settings[name], setting, why) for name, setting in chosen.items())


RANDOM = Strategy("random", original, lambda search: each_once(_at_random(search)))
TPE = Strategy("tpe", original, lambda search: each_once(_by_tpe(search)))
