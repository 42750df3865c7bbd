"""Random search: every edit that the code allows is made or not, with any of its values, upon the author's code.

What every other search has to beat, with half the trials (Li et al. 2016, arXiv 1603.06560).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from random import Random

from services.tweaker.edits.space import Choice, Space
from services.tweaker.search.plan import Keys, Plan, turned
from services.tweaker.search.strategies.spaces import spaces_of, tidy
from services.tweaker.search.strategies.strategy import Search, Strategy, authors
from trainyard.trial import Setting

WHY = "Random search draws this"
DRAWS = 500
"""After so many draws without new code there is none, as far as can be told."""


def _plans(search: Search) -> Iterator[Plan]:
    """Yield plans that are drawn one after the other, each once."""
    spaces, seen = spaces_of(search.settings), set[Keys]()
    rng = Random(search.draw)  # noqa: S311  nothing secret is drawn
    for _ in range(DRAWS):
        plan = tuple(
            turned(name, search.settings[name], drawn(space, rng), WHY)
            for name, space in spaces.items()
            if rng.random() < 1 / 2
        )
        keys = frozenset(step.key for step in plan)
        if keys and keys not in seen:
            seen.add(keys)
            yield plan


def drawn(space: Space, rng: Random) -> Setting:
    """Return one value of a space, each as likely as the others; on its scale where it has one."""
    if isinstance(space, Choice):
        return rng.choice(space.values)
    if space.log:
        value = math.exp(rng.uniform(math.log(space.low), math.log(space.high)))
    else:
        value = rng.uniform(space.low, space.high)
    return tidy(value, space)


STRATEGY = Strategy("random", authors, _plans)
