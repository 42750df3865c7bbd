"""Put a layer into a network beside one that is there."""

from __future__ import annotations

import libcst as cst
import libcst.matchers as m

from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.on_keras.networks import Layer
from services.tweaker.codemods.rewrite import Changes, line
from services.tweaker.codemods.script import Script, dotted

ADD = m.Attribute(attr=m.Name("add"))
_SPACE = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))


def put_before(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Put the layer that *text* makes before *layer*, in the style in which that is written.

    Raises:
        NotUnderstoodError: In the functional style, where the new layer's result has no name to go by.
    """
    if isinstance(layer.place, cst.Element):
        changes.put_before(layer.place, [_element(script, layer.place, text)])
    elif layer.applied is not None:
        _apply_before(script, changes, layer, text)
    else:
        adding = next(call for call in script.calls if m.matches(call.func, ADD) and layer.place in script.above(call))
        changes.put_before(layer.place, [line(f"{script.code(adding.func)}({text})")])


def apply_inside(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """In the functional style, apply the new layer to what *layer* is applied to, within the same expression."""
    given = _given(layer)
    changes.replaced[given.value] = cst.parse_expression(f"{text}({script.code(given.value)})")


def _apply_before(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Write a statement `x = new(x)` before the one that applies *layer* to the name x."""
    name = dotted(_given(layer).value)
    if not name or "." in name:
        apply_inside(script, changes, layer, text)
        return
    changes.put_before(layer.place, [line(f"{name} = {text}({name})")])


def _given(layer: Layer) -> cst.Arg:
    """Return the one argument that the layer is applied to."""
    if layer.applied is None or len(layer.applied.args) != 1:
        raise NotUnderstoodError(f"the layer {layer.kind} is applied to more than one input")
    return layer.applied.args[0]


def _element(script: Script, beside: cst.Element, text: str) -> cst.Element:
    """Make an element of a list that is set apart as its neighbours are, without their comments."""
    holder = script.parent(beside)
    elements = holder.elements if isinstance(holder, cst.List) else []
    commas = [element.comma for element in elements if isinstance(element.comma, cst.Comma)]
    comma = commas[0] if commas and len(elements) > 1 else _SPACE
    space = comma.whitespace_after
    if isinstance(space, cst.ParenthesizedWhitespace):
        first = space.first_line.with_changes(comment=None, whitespace=cst.SimpleWhitespace(""))
        space = space.with_changes(first_line=first, empty_lines=[])
    return cst.Element(cst.parse_expression(text), comma=comma.with_changes(whitespace_after=space))
