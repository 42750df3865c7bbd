"""Edits of parameters that need more than a row of the table: class weights, hidden layers, kept components."""

import re

from services.tweaker.edits.edit import as_int, site_edit
from services.tweaker.edits.estimator_knobs import COMPONENTS, HIDDEN_UNITS
from services.tweaker.edits.knobs import CLASS_WEIGHT
from services.tweaker.edits.on_scikit import table
from services.tweaker.edits.parameters import Parameter, Site, call_site, current_setting, estimator_site, put
from services.tweaker.source import Changes, NotUnderstoodError, Script
from trainyard.trial import Setting

REDUCER = re.compile(r"sklearn\.(?:\w+\.)*(?:PCA|KernelPCA|TruncatedSVD|FastICA|NMF|SelectKBest)")
N_COMPONENTS = Parameter("", "n_components", None, 0)
BEST = Parameter("", "k", 10, 1)
PLOTTING = re.compile(r"\.(?:scatter|scatterplot)\(")


def _unweighted(script: Script) -> Site:
    """Return the parameter that weights the classes, unless it does so already."""
    site = estimator_site(script, CLASS_WEIGHT, [table.CLASS_WEIGHT])
    if site.value is not None and script.code(site.value) != "None":
        raise NotUnderstoodError(f"the classes are already weighted (line {script.line(site.value)})")
    return site


def _units(script: Script, site: Site) -> tuple[int, ...]:
    units = current_setting(script, site)
    return units if isinstance(units, tuple) else (as_int(units),)


def _widen(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    """Give the network the hidden layers that a tuple names, or widen narrow ones to a number of units."""
    before = _units(script, site)
    after = setting if isinstance(setting, tuple) else tuple(max(units, as_int(setting)) for units in before)
    if after == before or not after:
        raise NotUnderstoodError(f"the hidden layers already have {' and '.join(map(str, before))} units")
    put(script, changes, site, after)


def _reducer(script: Script) -> Site:
    """Return the parameter of the one step that reduces the inputs; what serves a plot keeps its two components."""
    calls = [call for call in script.calls if script.is_called(call, REDUCER)]
    if len(calls) != 1:
        raise NotUnderstoodError(f"the script has {len(calls) or 'no'} steps that reduce the number of inputs")
    if PLOTTING.search(script.module.code):
        raise NotUnderstoodError("the components may be needed for a plot")
    site = call_site(script, calls[0], BEST if script.is_called(calls[0], REDUCER) == "SelectKBest" else N_COMPONENTS)
    if site.value is None:
        raise NotUnderstoodError("the script does not set how many components are kept")
    return site


def _components(script: Script, site: Site) -> int:
    return as_int(current_setting(script, site))


def _keep(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    if _components(script, site) == as_int(setting):
        raise NotUnderstoodError(f"{setting} components are already kept")
    put(script, changes, site, setting)


EDITS = (
    site_edit(HIDDEN_UNITS, lambda script: estimator_site(script, HIDDEN_UNITS, [table.HIDDEN_UNITS]), _widen, _units),
    site_edit(CLASS_WEIGHT, _unweighted, lambda script, changes, site, _: put(script, changes, site, "balanced")),
    site_edit(COMPONENTS, _reducer, _keep, _components),
)
