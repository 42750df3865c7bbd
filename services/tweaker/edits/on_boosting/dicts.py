"""Turn what `xgboost.train` and `lightgbm.train` are given in a dict."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.estimator_knobs import ESTIMATORS
from services.tweaker.edits.estimators import predictors
from services.tweaker.edits.knobs import Knob
from services.tweaker.edits.on_boosting.table import CALLS
from services.tweaker.edits.parameters import MUST, Parameter, in_dict, made_at, read_setting, settled, write_setting
from services.tweaker.source.arguments import commas, quote, with_keyword
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

TRAIN = re.compile(r"(xgboost|lightgbm)\.(?:\w+\.)*(?:train|cv)")


def edit(knob: Knob, parameters: Sequence[Parameter]) -> Edit:
    """Return the edit that turns a knob by what the dict has, or gets, by the parameter's name."""

    def find(script: Script) -> tuple[cst.Call, Parameter, cst.BaseExpression | None]:
        call, library = _training(script)
        parameter = next(each for each in parameters if each.classes == library)
        return call, parameter, _in_params(script, call, parameter)

    def settings(script: Script) -> Setting:
        _, parameter, node = find(script)
        return _value(script, parameter, node)

    def apply(script: Script, setting: Setting) -> Edited:
        call, parameter, node = find(script)
        settled(knob, parameter, _value(script, parameter, node), setting)
        changes = Changes()
        if node is None:
            _add(script, changes, _params(script, call), parameter.keyword, setting)
        else:
            write_setting(script, changes, node, setting)
        return changes.applied_to(script)

    return Edit(knob, apply, settings)


def _training(script: Script) -> tuple[cst.Call, str]:
    """Return the one call that trains, and the library whose it is."""
    found = [
        (call, match[1])
        for call in script.calls
        for name in script.names(call.func)
        if (match := TRAIN.fullmatch(name))
    ]
    if len(found) != 1 or predictors(script):
        raise NotUnderstoodError("it is not one training with a dict of parameters that is measured here")
    return found[0]


def _params(script: Script, call: cst.Call) -> cst.BaseExpression:
    """Return the argument that is the dict."""
    given = argument(call, "params", position=0)
    if given is None:
        raise NotUnderstoodError(f"the training in line {script.line(call)} is given no parameters")
    return given.value


def _in_params(script: Script, call: cst.Call, parameter: Parameter) -> cst.BaseExpression | None:
    """Return the value of the parameter: as set by a statement of its own, else as the dict was made with it."""
    params = _params(script, call)
    stored = [each for each in _stored(script, params) if read(script, _key(each)) in parameter.keywords]
    if len(stored) > 1:
        raise NotUnderstoodError(f"{parameter.keyword} is set several times")
    if stored:
        holder = script.parent(script.parent(stored[0]) or stored[0])
        if isinstance(holder, cst.Assign):
            return holder.value
        raise NotUnderstoodError(f"how {parameter.keyword} is set in line {script.line(stored[0])} is not understood")
    return in_dict(script, params, parameter.keywords)


def _stored(script: Script, params: cst.BaseExpression) -> list[cst.Subscript]:
    """Return where something is stored in the dict, `params["eta"] = …`."""
    stores = [
        each
        for each in m.findall(script.module, m.Subscript())
        if isinstance(each, cst.Subscript) and isinstance(script.parent(each), cst.AssignTarget | cst.AugAssign)
    ]
    made = made_at(script, params) if stores else None
    return [each for each in stores if isinstance(each.value, cst.Name) and made_at(script, each.value) is made]


def _key(stored: cst.Subscript) -> cst.BaseExpression:
    index = stored.slice[0].slice
    if not isinstance(index, cst.Index):
        raise NotUnderstoodError("parameters are set by a slice")
    return index.value


def _value(script: Script, parameter: Parameter, node: cst.BaseExpression | None) -> Setting:
    if node is None and parameter.default == MUST:
        raise NotUnderstoodError(f"{parameter.keyword} is not written down")
    return parameter.default if node is None else read_setting(script, node)


def _add(script: Script, changes: Changes, params: cst.BaseExpression, key: str, setting: Setting) -> None:
    """Put one more entry at the end of the dict."""
    made = made_at(script, params)
    if isinstance(made, cst.Call) and isinstance(setting, int | float | str):
        changes.replaced[made] = with_keyword(script, made, key, setting)
        return
    if not isinstance(made, cst.Dict):
        raise NotUnderstoodError(f"what {script.code(params)} holds cannot be seen")
    mark = quote(script)
    new = cst.DictElement(cst.SimpleString(f"{mark}{key}{mark}"), cst.parse_expression(repr(setting)))
    elements = [each for each in made.elements if isinstance(each, cst.DictElement)]
    if elements:
        between, end = commas(elements)
        elements = [*elements[:-1], elements[-1].with_changes(comma=between), new.with_changes(comma=end)]
    changes.replaced[made] = made.with_changes(elements=elements or [new])


def _rounds(script: Script) -> tuple[cst.Call, Parameter, cst.BaseExpression | None]:
    """Return the call that trains, its parameter of rounds, and what that is given."""
    call, library = _training(script)
    parameter = CALLS[library]
    found = _in_params(script, call, parameter) if parameter.aliases else None
    given = argument(call, parameter.keyword, position=parameter.position)
    return call, parameter, found if found is not None else given.value if given is not None else None


def _read_rounds(script: Script) -> Setting:
    _, parameter, node = _rounds(script)
    return _value(script, parameter, node)


def _apply_rounds(script: Script, setting: Setting) -> Edited:
    call, parameter, node = _rounds(script)
    settled(ESTIMATORS, parameter, _value(script, parameter, node), setting)
    changes = Changes()
    if node is not None:
        write_setting(script, changes, node, setting)
    elif isinstance(setting, int):
        changes.replaced[call] = with_keyword(script, call, parameter.keyword, setting)
    return changes.applied_to(script)


ROUNDS = Edit(ESTIMATORS, _apply_rounds, _read_rounds)
