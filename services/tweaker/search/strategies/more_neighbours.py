"""The policy of an older system for nearest neighbours: ask one more."""

from __future__ import annotations

from collections.abc import Iterator

from services.tweaker.search.plan import Plan, turned
from services.tweaker.search.strategies.strategy import Search, Strategy, newest

WHY = "The policy is to ask one more neighbour each time"


def _plans(search: Search) -> Iterator[Plan]:
    neighbours = search.settings.get("neighbours")
    if isinstance(neighbours, int):
        yield (turned("neighbours", neighbours, neighbours + 1, WHY),)


STRATEGY = Strategy("neighbours+1", newest, _plans)
