"""How wide layers are, as it is written: units of a Dense layer, filters of a convolution."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import whole
from services.tweaker.edits.on_keras import following
from services.tweaker.edits.on_keras.layers import LAYER, Layer
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import elements, place_of, read, write
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script, argument

NAMES = ("units", "output_dim", "filters", "nb_filter")

Widths = dict[cst.CSTNode, tuple[cst.BaseExpression, int]]
"""What is written as a width and its value, by what is replaced to change it."""


def widths(script: Script, layers: Iterable[Layer], kept: Layer | None = None) -> Widths:
    """Return the widths of the layers that are written down, each place once; what decides *kept*'s too is left out."""
    found: Widths = {}
    for layer in layers:
        given = argument(layer.call, *NAMES, position=0)
        for value in _values(script, layer, given.value) if given is not None else ():
            found[place_of(script, value)] = value, whole(read(script, value))
    for place in list(widths(script, [kept])) if kept is not None else []:
        found.pop(place, None)
    return found


def _values(script: Script, layer: Layer, node: cst.BaseExpression) -> Sequence[cst.BaseExpression]:
    """Return what decides the width: the node; in a loop over widths all of them; nothing where it is not seen."""
    if _is_read(script, node):
        return (node,)
    if not layer.repeated or not isinstance(node, cst.Name):
        return ()
    given = following.given_for(script, node)
    if given:
        seen = _is_only_a_width(script, node) and all(_is_read(script, each) for each in given)
        return given if seen else ()
    try:
        return elements(script, node)
    except NotUnderstoodError:
        return ()


def _is_read(script: Script, node: cst.BaseExpression) -> bool:
    """Tell whether a whole number is written down for the node."""
    try:
        whole(read(script, node))
    except NotUnderstoodError:
        return False
    return True


def _is_only_a_width(script: Script, parameter: cst.Name) -> bool:
    """Tell whether a function uses its parameter for nothing but widths of layers."""
    owner = following.function_around(script, parameter)
    uses = [] if owner is None else m.findall(owner.body, m.Name(parameter.value))
    for use in uses:
        arg = script.parent(use)
        call = script.parent(arg) if isinstance(arg, cst.Arg) else None
        if not isinstance(call, cst.Call) or script.is_called(call, LAYER) is None:
            return False
        if argument(call, *NAMES, position=0) is not arg:
            return False
    return True


def widen(script: Script, changes: Changes, found: Widths, at_least: int) -> bool:
    """Write *at_least* where a width is smaller; tell whether there was one."""
    narrow = [given for given, width in found.values() if width < at_least]
    for given in narrow:
        write(script, changes, given, at_least)
    return bool(narrow)
