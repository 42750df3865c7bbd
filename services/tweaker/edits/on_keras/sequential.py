"""The layers of a network that is a list of them: given as one, or added one by one."""

from collections.abc import Iterator

import libcst as cst

from services.tweaker.edits.assignments import called_function, only_value, returned_values
from services.tweaker.edits.lists import Listed, added, listed
from services.tweaker.edits.on_keras.layers import UNKNOWN, Layer, kind_of
from services.tweaker.source import NotUnderstoodError, Script, argument
from services.tweaker.source.script import At
from services.tweaker.source.values.names import iterated


def sequential(script: Script, start: cst.Call) -> Iterator[Layer]:
    """Yield the layers in the list that Sequential is given, then those that are added."""
    given = argument(start, "layers", position=0)
    for each in listed(script, given) if given is not None else ():
        yield from _layers(script, each)
    for each in added(script, start, "add"):
        yield from _layers(script, each)


def with_parts(script: Script, layer: Layer) -> list[Layer]:
    """Return the layer, or the layers in it if it is itself a Sequential."""
    return list(sequential(script, layer.call)) if layer.kind == "Sequential" else [layer]


def _layers(script: Script, each: Listed) -> Iterator[Layer]:
    """Yield the layer that an element makes, by itself or by the name that it is; each where a loop adds several."""
    loop = iterated(At(script, each.value), each.value.value) if isinstance(each.value, cst.Name) else None
    if loop is not None and isinstance(loop.node, cst.BaseExpression):
        for inner in listed(script, loop.node):
            yield from _layers(script, inner)
        return
    call = only_value(script, each.value) if isinstance(each.value, cst.Name) else each.value
    if not isinstance(call, cst.Call):
        line, code = script.line(each.value), script.code(each.value)
        raise NotUnderstoodError(f"line {line} does not create the layer {code} itself")
    made, shared = _made_by(script, call)
    kind, repeated = kind_of(script, made), each.repeated or shared
    yield Layer(kind, made, each.place, listed=each, repeated=repeated, optional=each.optional)


def _made_by(script: Script, call: cst.Call) -> tuple[cst.Call, bool]:
    """Return the call of the layer's class, also in the author's function that is called, and whether others use it."""
    function = called_function(script, call) if kind_of(script, call) == UNKNOWN else None
    returned = list(returned_values(script, function)) if function is not None else []
    if len(returned) != 1 or not isinstance(returned[0], cst.Call):
        return call, False
    return returned[0], len([each for each in script.calls if called_function(script, each) is function]) > 1
