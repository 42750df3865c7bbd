"""All strategies there are, by the name that authors use in trainyard.toml: ours, and those of installed packages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import entry_points

from services.tweaker.search.strategies import at_random, diagnosis, more_epochs, more_neighbours, more_units, tpe
from services.tweaker.search.strategies.strategy import Strategy

GROUP = "trainyard.strategies"
"""The entry points by which a package offers strategies: each names a `Strategy`."""

OURS = (
    diagnosis.STRATEGY,
    at_random.STRATEGY,
    tpe.STRATEGY,
    more_epochs.STRATEGY,
    more_units.STRATEGY,
    more_neighbours.STRATEGY,
)


@cache
def strategies() -> Mapping[str, Strategy]:
    """Return every strategy by its name; an installed package's own goes before ours of that name.

    Raises:
        TypeError: What a package offers is no strategy.
    """
    return {strategy.name: strategy for strategy in (*OURS, *_offered())}


def _offered() -> Iterable[Strategy]:
    """Yield the strategies of installed packages, in the order of their names."""
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        strategy = point.load()
        if not isinstance(strategy, Strategy):
            package = point.dist.name if point.dist else "a package"
            raise TypeError(f"{point.value}, which {package} offers, is no strategy")
        yield strategy
