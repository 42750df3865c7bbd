"""All strategies there are, by the name that authors use in trainyard.toml: ours, and those of installed packages."""

from collections.abc import Mapping
from functools import cache

from services.tweaker.edits.registry import installed
from services.tweaker.search.strategies import diagnosis, drawing
from services.tweaker.search.strategies.strategy import Strategy

GROUP = "trainyard.strategies"
"""The entry points by which a package offers strategies: each names a `Strategy`."""

OURS = (diagnosis.STRATEGY, drawing.RANDOM, drawing.TPE)


@cache
def strategies() -> Mapping[str, Strategy]:
    """Return every strategy by its name; an installed package's own goes before ours of that name.

    Raises:
        TypeError: What a package offers is not a strategy.
    """
    return {strategy.name: strategy for strategy in (*OURS, *installed(GROUP, Strategy))}
