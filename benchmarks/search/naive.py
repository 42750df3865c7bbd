"""The policies of older systems, which always do more of one thing, whatever is wrong: to compare with.

They come to the tweaker as those of any installed package: by the entry points in `installed/`, which `install` makes
visible.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from services.tweaker.diagnosis.history import gain, searching
from services.tweaker.search.plan import Plan, Step
from services.tweaker.search.strategies.strategy import Search, Strategy, newest

INSTALLED = Path(__file__).parent / "installed"
MORE_EPOCHS, MORE_UNITS = 10, 8
IN_VAIN = 3


def install() -> None:
    """Make the entry points visible to whoever looks for strategies from now on."""
    if str(INSTALLED) not in sys.path:
        sys.path.append(str(INSTALLED))


def _more_epochs(search: Search) -> Iterator[Plan]:
    epochs = search.settings.get("epochs")
    if isinstance(epochs, int):
        yield (Step.change("epochs", epochs, epochs + MORE_EPOCHS, "The policy is to train longer each time"),)


def _more_neighbours(search: Search) -> Iterator[Plan]:
    neighbours = search.settings.get("neighbours")
    if isinstance(neighbours, int):
        yield (Step.change("neighbours", neighbours, neighbours + 1, "The policy is one more neighbour each time"),)


def _more_units(search: Search) -> Iterator[Plan]:
    """Yield more units, after every third time in vain a layer first; each in the other's place where it cannot be."""
    why = "The policy is a larger network each time"
    units = search.settings.get("units")
    most = max(units) if isinstance(units, tuple) and units else 0
    wider = [(Step.change("units", units, most + MORE_UNITS, why),)] if most else []
    layer = "dense_layer" in search.settings
    deeper = [(Step.change("dense_layer", None, most or MORE_UNITS, why),)] if layer else []
    in_vain = _in_vain(search)
    yield from [*deeper, *wider] if in_vain and in_vain % IN_VAIN == 0 else [*wider, *deeper]


def _in_vain(search: Search) -> int:
    """Count the newest trials in a row that were given more units, and were no better than their base for it."""
    known = {trial.trial: trial for trial in search.history}
    count = 0
    for trial in reversed(searching(search.history)):
        base = known.get(trial.base or 0)
        wider = any(tweak.name == "units" for tweak in trial.tweaks)
        if base is None or not wider or gain(trial, base, search.history) > 0:
            break
        count += 1
    return count


EPOCHS = Strategy("epochs+10", newest, _more_epochs)
UNITS = Strategy("units+8", newest, _more_units)
NEIGHBOURS = Strategy("neighbours+1", newest, _more_neighbours)
