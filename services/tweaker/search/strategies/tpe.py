"""Plain TPE over all knobs upon the author's code, as Optuna does it without knowing what a knob is."""

from __future__ import annotations

from collections.abc import Iterator

from services.tweaker.diagnosis.history import made_from, score
from services.tweaker.search.plan import Keys, Plan, keys_of, turned
from services.tweaker.search.sampling import Sampling, Tried, proposals
from services.tweaker.search.strategies.spaces import spaces_of
from services.tweaker.search.strategies.strategy import Search, Strategy, authors

WHY = "The tree-structured Parzen estimator proposes this"
STARTUP = 10
"""Optuna's own default."""
DRAWS = 200


def _plans(search: Search) -> Iterator[Plan]:
    """Yield what the estimator proposes, each plan once."""
    spaces, seen = spaces_of(search.settings), set[Keys]()
    for chosen in proposals(spaces, _tried(search), Sampling(search.draw, STARTUP, optional=True), DRAWS):
        plan = tuple(turned(name, search.settings[name], setting, WHY) for name, setting in chosen.items())
        keys = frozenset(step.key for step in plan)
        if keys and keys not in seen:
            seen.add(keys)
            yield plan


def _tried(search: Search) -> list[Tried]:
    """Return the author's code and what was made of it; a trial that failed is as bad as the worst one."""
    trials = (search.base, *made_from(search.base, search.history))
    places = [score(trial, search.history) for trial in trials]
    worst = min((place[1] for place in places if place is not None), default=0.0)
    return [
        Tried(dict(keys_of(trial.tweaks)), place[1] if place is not None else worst)
        for trial, place in zip(trials, places, strict=True)
    ]


STRATEGY = Strategy("tpe", authors, _plans)
