"""Insert a layer into a network before or after one that is there, in the style in which that is written."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import assigned_name
from services.tweaker.edits.on_keras.layers import LAYER, Layer, Network
from services.tweaker.source import Changes, NotUnderstoodError, Script, dotted, free_name, imports, line
from services.tweaker.source.arguments import beside

_ADD = m.Attribute(attr=m.Name("add") | m.Name("append"))
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def layer_class(script: Script, changes: Changes, network: Network, name: str, use: Layer | cst.CSTNode) -> str:
    """Return how to write the class *name* of layers at *use*, imported like one that the network has.

    Raises:
        NotUnderstoodError: No layer shows how the author imports them.
    """
    place = (use.stored or use.place or use.call) if isinstance(use, Layer) else use
    reasons: list[str] = []
    for func in _known_classes(script, network, name):
        try:
            return imports.sibling(script, changes, func, name, place)
        except NotUnderstoodError as error:
            reasons.append(str(error))
    raise NotUnderstoodError(reasons[0] if reasons else "the import of the layers was not found")


def _known_classes(script: Script, network: Network, name: str) -> list[cst.BaseExpression]:
    """Return the classes of the network's layers as they are written; only those of that name if there are some."""
    known = [layer.call.func for layer in network.layers if script.is_called(layer.call, LAYER)]
    return [func for func in known if dotted(func).endswith(name)] or known


def put_before(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Put the layer that *text* makes before *layer*.

    Raises:
        NotUnderstoodError: It has no place of its own, or is applied to several inputs.
    """
    if isinstance(layer.place, cst.Element):
        changes.put_before(layer.place, [beside(script, layer.place, text)])
    elif layer.applied is not None:
        new = stored(script, changes, layer, text)
        name = dotted(input_of(layer).value)
        if not name or "." in name or _is_used_later(script, layer, name):
            apply_first(script, changes, layer, new)
        else:
            changes.put_before(_statement(script, layer), [line(f"{name} = {new}({name})")])
    else:
        changes.put_before(_statement(script, layer), [adding(script, layer, text)])


def put_after(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Put the layer that *text* makes after *layer*.

    Raises:
        NotUnderstoodError: It has no place of its own, or its result has no name.
    """
    if isinstance(layer.place, cst.Element):
        put_element_after(script, changes, layer.place, text)
    elif layer.applied is not None:
        name = assigned_name(script, layer.applied)
        if not name or "." in name:
            raise NotUnderstoodError(f"the result of {layer.kind} in line {script.line(layer.call)} has no name")
        new = stored(script, changes, layer, text)
        changes.put_after(_statement(script, layer), [line(f"{name} = {new}({name})")])
    else:
        changes.put_after(_statement(script, layer), [adding(script, layer, text)])


def put_element_after(script: Script, changes: Changes, place: cst.Element, text: str) -> None:
    """Put what *text* says after an element of a list or tuple, and keep how that ends."""
    new, holder = beside(script, place, text), script.parent(place)
    if isinstance(holder, cst.List | cst.Tuple) and holder.elements[-1] is place:
        if isinstance(place.comma, cst.Comma):
            changes.replaced[place.comma] = new.comma if isinstance(new.comma, cst.Comma) else place.comma
        new = new.with_changes(comma=place.comma)
    changes.put_after(place, [new])


def stored(script: Script, changes: Changes, layer: Layer, text: str) -> str:
    """Return what to apply: the new layer itself, or in a model's own class the attribute that stores it."""
    if layer.stored is None:
        return text
    kind = text.partition("(")[0].rpartition(".")[2]
    name = free_name(script, changes, "_".join(_WORDS.split(kind)).lower())
    changes.put_before(layer.stored, [line(f"self.{name} = {text}")])
    return f"self.{name}"


def adding(script: Script, layer: Layer, text: str) -> cst.SimpleStatementLine:
    """Return the statement that adds a new layer as the author adds *layer*."""
    calls = [call for call in script.calls if m.matches(call.func, _ADD) and layer.place in set(script.above(call))]
    if not calls:
        raise NotUnderstoodError(f"line {script.line(layer.call)} does not show how the layer is added")
    return line(f"{script.code(calls[-1].func)}({text})")


def apply_first(script: Script, changes: Changes, layer: Layer, new: str) -> None:
    """Apply the new layer to the input of *layer*, within the same expression."""
    given = input_of(layer).value
    now = changes.replaced.get(given, given)
    changes.replaced[given] = cst.parse_expression(f"{new}({script.code(now)})")


def input_of(layer: Layer) -> cst.Arg:
    """Return the one argument that the layer is applied to."""
    plain = [arg for arg in layer.applied.args if arg.keyword is None] if layer.applied is not None else []
    if len(plain) != 1 or isinstance(plain[0].value, cst.List | cst.Tuple):
        raise NotUnderstoodError(f"the layer {layer.kind} is applied to more than one input")
    return plain[0]


def _statement(script: Script, layer: Layer) -> cst.SimpleStatementLine:
    if isinstance(layer.place, cst.SimpleStatementLine):
        return layer.place
    raise NotUnderstoodError(f"no layer can be put beside the one in line {script.line(layer.call)}")


def _is_used_later(script: Script, layer: Layer, name: str) -> bool:
    """Return whether the input of *layer* is read again further down, before the name is assigned anew."""
    if layer.applied is None or layer.place is None or assigned_name(script, layer.applied) == name:
        return False
    uses = [node for node in m.findall(script.block(layer.place), m.Name(name)) if node is not None]
    later = sorted((node for node in uses if script.place(node) > script.place(layer.applied)), key=script.place)
    return bool(later) and not isinstance(script.parent(later[0]), cst.AssignTarget)
