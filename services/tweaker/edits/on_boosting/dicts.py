"""Set the parameters that `xgboost.train` and `lightgbm.train` are given in a dictionary."""

import re
from collections.abc import Sequence

import libcst as cst

from services.tweaker.edits.assignments import assigned_value
from services.tweaker.edits.edit import Edit
from services.tweaker.edits.estimators import predictors
from services.tweaker.edits.knobs import Knob
from services.tweaker.edits.on_boosting.table import ROUNDS
from services.tweaker.edits.parameters import Parameter, Site, entry, parameter_edit
from services.tweaker.edits.searches import check_no_search
from services.tweaker.source import AbsentError, NotUnderstoodError, Script, argument, read
from services.tweaker.source.literals import follow
from services.tweaker.source.script import At

TRAIN = re.compile(r"(xgboost|lightgbm)\.(?:\w+\.)*(?:train|cv)")


def dict_edit(knob: Knob, parameters: Sequence[Parameter]) -> Edit:
    """Return the edit that turns a knob by what the dictionary has, or gets, under the parameter's name."""

    def find(script: Script) -> Site:
        call, library = _training(script)
        parameter = next(each for each in parameters if library in each.classes.split())
        return Site(parameter, _in_params(script, call, parameter), _dictionary(script, _params(script, call)))

    return parameter_edit(knob, find)


def rounds(script: Script) -> Site:
    """Return where the number of rounds is set: an argument of the call; with LightGBM the dictionary overrides it."""
    call, library = _training(script)
    parameter = ROUNDS[library]
    value = _in_params(script, call, parameter) if parameter.aliases else None
    given = argument(call, parameter.keyword, position=parameter.position)
    return Site(parameter, given if value is None else value, call)


def _training(script: Script) -> tuple[cst.Call, str]:
    """Return the one call that trains, and its library."""
    matches = [(call, TRAIN.fullmatch(name)) for call in script.calls for name in script.names(call.func)]
    found = [(call, match[1]) for call, match in matches if match]
    if len(found) != 1 or predictors(script):
        raise AbsentError("the script does not measure one training with a dictionary of parameters")
    check_no_search(script, found[0][0])
    return found[0]


def _params(script: Script, call: cst.Call) -> cst.BaseExpression:
    given = argument(call, "params", position=0)
    if given is None:
        raise NotUnderstoodError(f"the training in line {script.line(call)} is given no parameters")
    return given


def _in_params(script: Script, call: cst.Call, parameter: Parameter) -> cst.BaseExpression | None:
    """Return the value of the parameter: as set by a statement of its own, else as the dictionary was created."""
    params = _params(script, call)
    stored = [each for each in _stored(script, params) if read(script, _key(each)) in parameter.keywords]
    if len(stored) > 1:
        raise NotUnderstoodError(f"{parameter.keyword} is set several times")
    if not stored:
        return entry(script, params, parameter.keywords)
    value = assigned_value(script, stored[0])
    if value is not None:
        return value
    raise NotUnderstoodError(f"how {parameter.keyword} is set in line {script.line(stored[0])} is not understood")


def _stored(script: Script, params: cst.BaseExpression) -> list[cst.Subscript]:
    """Return where something is stored in the dictionary, `params["eta"] = …`."""
    named = [each for each in script.nodes(cst.Subscript) if isinstance(each.value, cst.Name)]
    stores = [each for each in named if isinstance(script.parent(each), cst.AssignTarget | cst.AugAssign)]
    created = _dictionary(script, params) if stores else None
    return [each for each in stores if _dictionary(script, each.value) is created]


def _dictionary(script: Script, node: cst.BaseExpression) -> cst.CSTNode | None:
    """Return the expression that creates a dictionary, through names and functions of the same script."""
    spot = follow(At(script, node)).to
    return spot.node if isinstance(spot, At) and spot.script is script else None


def _key(stored: cst.Subscript) -> cst.BaseExpression:
    index = stored.slice[0].slice
    if not isinstance(index, cst.Index):
        raise NotUnderstoodError("parameters are set by a slice")
    return index.value
