"""Make narrow layers wider: hidden Dense and recurrent layers in units, convolutions in filters."""

from collections.abc import Callable, Iterable, Sequence

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import passed_values
from services.tweaker.edits.edit import Edit, as_int, int_or_none, site_edit
from services.tweaker.edits.knobs import FILTERS, UNITS, Knob
from services.tweaker.edits.on_keras.layers import LAYER, RECURRENT, Layer
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, place_of, read, write
from services.tweaker.source.literals import elements
from trainyard.trial import Setting

KEYWORDS = ("units", "output_dim", "filters", "nb_filter")

Widths = dict[cst.CSTNode, tuple[cst.BaseExpression, int]]
"""The expressions that decide widths with their values, by what is replaced to change them."""


def width_argument(layer: Layer) -> cst.BaseExpression | None:
    """Return what a layer is given as its units or filters."""
    return argument(layer.call, *KEYWORDS, position=0)


def widths(script: Script, layers: Iterable[Layer], but: Layer | None = None) -> Widths:
    """Return the widths of the layers that are written as literals, without what decides the width of *but* too."""
    found: Widths = {}
    for layer in layers:
        given = width_argument(layer)
        for value in _values(script, layer, given) if given is not None else ():
            found[place_of(script, value)] = value, as_int(read(script, value))
    shared = widths(script, [but]) if but is not None else {}
    return {place: width for place, width in found.items() if place not in shared}


def _values(script: Script, layer: Layer, node: cst.BaseExpression) -> Sequence[cst.BaseExpression]:
    """Return what decides the width: the node; in a loop over widths all of them; nothing where it is computed."""
    if int_or_none(script, node) is not None:
        return (node,)
    if not layer.repeated or not isinstance(node, cst.Name):
        return ()
    passed = passed_values(script, node)
    if not passed:
        return listed_widths(script, node)
    known = all(int_or_none(script, each) is not None for each in passed)
    return passed if known and _is_only_a_width(script, node) else ()


def listed_widths(script: Script, node: cst.Name) -> Sequence[cst.BaseExpression]:
    """Return the widths in the list that the loop goes through which gives a name its value, if that is found."""
    try:
        return elements(script, node)
    except NotUnderstoodError:
        return ()


def _is_only_a_width(script: Script, parameter: cst.Name) -> bool:
    """Return whether a function uses its parameter for nothing but widths of layers."""
    function = script.nearest(parameter, cst.FunctionDef)
    uses = m.findall(function.body, m.Name(parameter.value)) if function is not None else ()
    layers = [(use, script.as_argument(use)[1]) for use in uses]
    return all(
        call is not None and script.is_called(call, LAYER) and argument(call, *KEYWORDS, position=0) is use
        for use, call in layers
    )


def _hidden(script: Script) -> Widths:
    network = find_network(script)
    wide = network.of_kind({"Dense", *RECURRENT})
    if not wide or not wide[-1].repeated:
        hidden = [layer for layer in wide if layer is not network.output]
        return widths(script, hidden, but=network.output)
    inside = list(widths(script, wide[-1:]).items())
    return {**widths(script, wide[:-1]), **dict(inside[:-1])}


def _convolutions(script: Script) -> Widths:
    """Return the filters; without those of a convolution that is the output itself."""
    network = find_network(script)
    return widths(script, network.convolutions, but=network.output)


def _widening(knob: Knob, find: Callable[[Script], Widths], layer: str, unit: str) -> Edit:
    """Return the edit that gives the layers at least a number of units."""

    def found(script: Script) -> Widths:
        widths_found = find(script)
        if not widths_found:
            raise NotUnderstoodError(f"the network has no {layer} whose {unit} are written as a number")
        return widths_found

    def change(script: Script, changes: Changes, site: Widths, setting: Setting) -> None:
        narrow = [node for node, width in site.values() if width < as_int(setting)]
        if not narrow:
            raise NotUnderstoodError(f"every {layer} has {setting} {unit} or more")
        for node in narrow:
            write(script, changes, node, as_int(setting))

    return site_edit(knob, found, change, lambda _, site: tuple(width for _node, width in site.values()))


UNITS_EDIT = _widening(UNITS, _hidden, "hidden Dense layer", "units")
FILTERS_EDIT = _widening(FILTERS, _convolutions, "convolution", "filters")
