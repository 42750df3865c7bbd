"""Give scikit-learn's networks wider hidden layers, or other ones."""

from __future__ import annotations

from services.tweaker.edits.edit import as_int, site_edit
from services.tweaker.edits.estimator_knobs import HIDDEN_UNITS
from services.tweaker.edits.on_scikit import table
from services.tweaker.edits.parameters import Site, current_setting, estimator_site, put
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script
from trainyard.trial import Setting


def _units(script: Script, site: Site) -> tuple[int, ...]:
    """Return the units of all hidden layers."""
    units = current_setting(script, site)
    return units if isinstance(units, tuple) else (as_int(units),)


def _change(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    """Give the network the hidden layers that a tuple names, or widen narrow ones to a number of units."""
    before = _units(script, site)
    after = setting if isinstance(setting, tuple) else tuple(max(units, as_int(setting)) for units in before)
    if after == before or not after:
        raise NotUnderstoodError(f"the hidden layers have {' and '.join(map(str, before))} units already")
    put(script, changes, site, after)


EDIT = site_edit(
    HIDDEN_UNITS, lambda script: estimator_site(script, HIDDEN_UNITS, [table.HIDDEN_UNITS]), _change, _units
)
