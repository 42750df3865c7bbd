"""Keep more components of what a pipeline reduces."""

from __future__ import annotations

import re

import libcst as cst

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.estimator_knobs import COMPONENTS
from services.tweaker.edits.parameters import Parameter, check_search, given, put, read_setting
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

REDUCER = re.compile(r"sklearn\.(?:\w+\.)*(?:PCA|KernelPCA|TruncatedSVD|FastICA|NMF|SelectKBest)")
KEPT = Parameter("", "n_components", None, 0)
BEST = Parameter("", "k", 10, 1)
DRAWING = re.compile(r"\.(?:scatter|scatterplot)\(")


def _found(script: Script) -> tuple[cst.Call, Parameter]:
    """Return what reduces the inputs and its parameter; what serves a drawing in the plane keeps its two."""
    calls = [call for call in script.calls if script.is_called(call, REDUCER)]
    if len(calls) != 1:
        raise NotUnderstoodError(f"{len(calls) or 'no'} steps that reduce the inputs are made here")
    if DRAWING.search(script.module.code):
        raise NotUnderstoodError("the components may be there to be drawn")
    parameter = BEST if script.is_called(calls[0], REDUCER) == "SelectKBest" else KEPT
    check_search(script, parameter.keywords)
    return calls[0], parameter


def _read(script: Script) -> Setting:
    call, parameter = _found(script)
    node = given(script, call, parameter)
    if node is None:
        raise NotUnderstoodError("all components are kept")
    return whole(read_setting(script, node))


def _apply(script: Script, setting: Setting) -> Edited:
    if _read(script) == whole(setting):
        raise NotUnderstoodError(f"{setting} components are kept already")
    return put(script, *_found(script), setting)


EDIT = Edit(COMPONENTS, _apply, _read)
