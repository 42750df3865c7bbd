"""Keep more components of what a pipeline reduces."""

from __future__ import annotations

import re

from services.tweaker.edits.edit import as_int, site_edit
from services.tweaker.edits.estimator_knobs import COMPONENTS
from services.tweaker.edits.parameters import Parameter, Site, call_site, current_setting, put
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script
from trainyard.trial import Setting

REDUCER = re.compile(r"sklearn\.(?:\w+\.)*(?:PCA|KernelPCA|TruncatedSVD|FastICA|NMF|SelectKBest)")
N_COMPONENTS = Parameter("", "n_components", None, 0)
BEST = Parameter("", "k", 10, 1)
PLOTTING = re.compile(r"\.(?:scatter|scatterplot)\(")


def _reducer(script: Script) -> Site:
    """Return the parameter of the one step that reduces the inputs; what serves a plot keeps its two components."""
    calls = [call for call in script.calls if script.is_called(call, REDUCER)]
    if len(calls) != 1:
        raise NotUnderstoodError(f"the script has {len(calls) or 'no'} steps that reduce the inputs")
    if PLOTTING.search(script.module.code):
        raise NotUnderstoodError("the components may be there to be plotted")
    site = call_site(script, calls[0], BEST if script.is_called(calls[0], REDUCER) == "SelectKBest" else N_COMPONENTS)
    if site.value is None:
        raise NotUnderstoodError("the script does not set how many components are kept")
    return site


def _read(script: Script, site: Site) -> Setting:
    return as_int(current_setting(script, site))


def _change(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    if _read(script, site) == as_int(setting):
        raise NotUnderstoodError(f"{setting} components are kept already")
    put(script, changes, site, setting)


EDIT = site_edit(COMPONENTS, _reducer, _change, _read)
