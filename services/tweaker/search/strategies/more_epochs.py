"""The policy of an older system: whatever is wrong, ten more epochs."""

from __future__ import annotations

from collections.abc import Iterator

from services.tweaker.search.plan import Plan, turned
from services.tweaker.search.strategies.strategy import Search, Strategy, newest

MORE = 10
WHY = "The policy is to train longer each time"


def _plans(search: Search) -> Iterator[Plan]:
    epochs = search.settings.get("epochs")
    if isinstance(epochs, int):
        yield (turned("epochs", epochs, epochs + MORE, WHY),)


STRATEGY = Strategy("epochs+10", newest, _plans)
