"""Weight the classes, so that rows of rare classes count more."""

from __future__ import annotations

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import CLASS_WEIGHT
from services.tweaker.edits.on_scikit import table
from services.tweaker.edits.parameters import Site, estimator_site, put
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script

BALANCED = "balanced"


def _unweighted(script: Script) -> Site:
    """Return the parameter that weights the classes, unless it does so already."""
    site = estimator_site(script, CLASS_WEIGHT, [table.CLASS_WEIGHT])
    if site.value is not None and script.code(site.value) != "None":
        raise NotUnderstoodError(f"the classes are weighted already (line {script.line(site.value)})")
    return site


EDIT = site_edit(CLASS_WEIGHT, _unweighted, lambda script, changes, site, _: put(script, changes, site, BALANCED))
