"""Put a layer into a network beside one that is there, in the style in which that is written."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.on_keras import following
from services.tweaker.edits.on_keras.layers import LAYER, Layer, Network
from services.tweaker.source import imports
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, line
from services.tweaker.source.script import Script, dotted

PREPARED = ("prepared", "prepared_inputs")
ADD = m.Attribute(attr=m.Name("add") | m.Name("append"))
_SPACE = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def class_beside(script: Script, changes: Changes, network: Network, name: str, use: Layer | cst.CSTNode) -> str:
    """Return how to write the class *name* of layers at *use*, imported beside one that the network has.

    Raises:
        NotUnderstoodError: No layer is seen that tells how the author imports them.
    """
    place = (use.kept or use.place or use.call) if isinstance(use, Layer) else use
    known = [layer.call.func for layer in network.layers if script.is_called(layer.call, LAYER)]
    reasons: list[str] = []
    for func in [func for func in known if dotted(func).endswith(name)] or known:
        try:
            return imports.sibling(script, changes, func, name, place)
        except NotUnderstoodError as error:
            reasons.append(str(error))
    raise NotUnderstoodError(reasons[0] if reasons else "it is not seen where the layers are imported from")


def put_before(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Put the layer that *text* makes before *layer*.

    Raises:
        NotUnderstoodError: It has no place of its own, or is applied to several inputs.
    """
    if isinstance(layer.place, cst.Element):
        changes.put_before(layer.place, [element(script, layer.place, text)])
    elif layer.applied is not None:
        made = _kept(script, changes, layer, text)
        name = dotted(_given(layer).value)
        if not name or "." in name or _is_used_later(script, layer, name):
            _apply_inside(script, changes, layer, made)
        else:
            changes.put_before(_statement(script, layer), [line(f"{name} = {made}({name})")])
    else:
        changes.put_before(_statement(script, layer), [_adding(script, layer, text)])


def put_in_front(script: Script, changes: Changes, network: Network, layer: Layer, *texts: str) -> None:
    """Put the layers that *texts* make, in this order, before one of the first layers.

    Raises:
        NotUnderstoodError: It is not seen where what comes in goes.
    """
    alone = not layer.repeated and not layer.optional
    if layer.applied is None or isinstance(layer.place, cst.Element):
        for text in texts:
            if alone:
                put_before(script, changes, layer, text)
            else:
                _put_before_loop(script, changes, network, layer, text)
    elif layer.kept is None and (not alone or _takes_input(script, network, layer)):
        _put_on_input(script, changes, network, *texts)
    else:
        for text in texts:
            _apply_inside(script, changes, layer, _kept(script, changes, layer, text))


def _takes_input(script: Script, network: Network, layer: Layer) -> bool:
    """Tell whether *layer* is applied to the network's input itself."""
    given = _given(layer).value
    inputs = [each.call for each in network.layers if each.kind == "Input"]
    return isinstance(given, cst.Name) and following.value(script, given) in inputs


def _put_before_loop(script: Script, changes: Changes, network: Network, layer: Layer, text: str) -> None:
    """Add the layer that *text* makes before the loop or the condition in which *layer* is added.

    Raises:
        NotUnderstoodError: It is not added by a statement in such a one.
    """
    body = script.block(network.start)
    around = [layer.place, *script.above(layer.place)] if layer.place is not None else []
    outer = next((node for node in around if script.parent(node) is body), None)
    if not isinstance(outer, cst.For | cst.If | cst.While):
        raise NotUnderstoodError(f"the first layer in line {script.line(layer.call)} is not added by a statement")
    changes.put_before(outer, [_adding(script, layer, text)])


def _put_on_input(script: Script, changes: Changes, network: Network, *texts: str) -> None:
    """Apply the layers that *texts* make, in this order, to the network's one input, wherever that goes.

    Raises:
        NotUnderstoodError: As `_input_uses`.
    """
    uses = _input_uses(script, network)
    result = script.code(uses[0])
    for text in texts:
        result = f"{text}({result})"
    if len(uses) > 1:
        name = free_name(script, changes, *PREPARED)
        statement = next(layer.place for layer in network.layers if layer.kind == "Input")
        if not isinstance(statement, cst.SimpleStatementLine):
            raise NotUnderstoodError("the input has no statement of its own")
        changes.put_after(statement, [line(f"{name} = {result}")])
        result = name
    for use in uses:
        changes.replaced[use] = cst.parse_expression(result)


def _input_uses(script: Script, network: Network) -> list[cst.Name]:
    """Return where the network's one input is given to layers.

    Raises:
        NotUnderstoodError: There are several inputs, or it is not seen where it goes.
    """
    inputs = [layer for layer in network.layers if layer.kind == "Input"]
    holder = script.parent(inputs[0].call) if len(inputs) == 1 else None
    name = holder.targets[0].target if isinstance(holder, cst.Assign) else None
    if not isinstance(name, cst.Name):
        raise NotUnderstoodError("it is not seen where the network's one input goes")
    uses = [each for each in m.findall(script.block(name), m.Name(name.value)) if isinstance(each, cst.Name)]
    given = [each for each in uses if each is not name and _call_around(script, each) not in (None, network.made)]
    kept = [each for each in given if following.values(script, each) == [inputs[0].call]]
    if not kept or len(kept) != len(given):
        raise NotUnderstoodError(f"it is not seen where the input {name.value} goes")
    return sorted(kept, key=script.place)


def _call_around(script: Script, node: cst.CSTNode) -> cst.Call | None:
    """Return the call that takes the node as an argument, in a list or not."""
    outer = script.parent(node)
    while isinstance(outer, cst.Arg | cst.Element | cst.List):
        outer = script.parent(outer)
    return outer if isinstance(outer, cst.Call) else None


def put_after(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Put the layer that *text* makes after *layer*.

    Raises:
        NotUnderstoodError: It has no place of its own, or its result has no name.
    """
    if isinstance(layer.place, cst.Element):
        put_element_after(script, changes, layer.place, text)
    elif layer.applied is not None:
        holder = script.parent(layer.applied)
        name = dotted(holder.targets[0].target) if isinstance(holder, cst.Assign) else ""
        if not name or "." in name:
            raise NotUnderstoodError(f"the result of {layer.kind} in line {script.line(layer.call)} has no name")
        made = _kept(script, changes, layer, text)
        changes.put_after(_statement(script, layer), [line(f"{name} = {made}({name})")])
    else:
        changes.put_after(_statement(script, layer), [_adding(script, layer, text)])


def put_element_after(script: Script, changes: Changes, beside: cst.Element, text: str) -> None:
    """Put what *text* says after an element of a list or tuple, and keep how that ends."""
    new, holder = element(script, beside, text), script.parent(beside)
    if isinstance(holder, cst.List | cst.Tuple) and holder.elements[-1] is beside:
        if isinstance(beside.comma, cst.Comma):
            changes.replaced[beside.comma] = new.comma if isinstance(new.comma, cst.Comma) else beside.comma
        new = new.with_changes(comma=beside.comma)
    changes.put_after(beside, [new])


def free_name(script: Script, changes: Changes, *wanted: str) -> str:
    """Return the first of these names that the script does not use; else the first with a number."""
    taken = {found.value for found in m.findall(script.module, m.Name()) if isinstance(found, cst.Name)}
    new = [node for nodes in (*changes.before.values(), *changes.after.values()) for node in nodes]
    taken |= {found.value for node in new for found in m.findall(node, m.Name()) if isinstance(found, cst.Name)}
    numbered = [f"{wanted[0]}_{number}" for number in range(2, 100)]
    return next(name for name in (*wanted, *numbered) if name not in taken)


def word_for(text: str) -> str:
    """Return a name for what a call makes: `layers.BatchNormalization()` gives `batch_normalization`."""
    return "_".join(_WORDS.split(text.partition("(")[0].rpartition(".")[2])).lower()


def _kept(script: Script, changes: Changes, layer: Layer, text: str) -> str:
    """Return what to apply: in a model's own class the attribute that keeps the new layer, else the layer itself."""
    if layer.kept is None:
        return text
    name = free_name(script, changes, word_for(text))
    changes.put_before(layer.kept, [line(f"self.{name} = {text}")])
    return f"self.{name}"


def _statement(script: Script, layer: Layer) -> cst.SimpleStatementLine:
    if isinstance(layer.place, cst.SimpleStatementLine):
        return layer.place
    raise NotUnderstoodError(f"nothing can be put beside the layer in line {script.line(layer.call)}")


def _adding(script: Script, layer: Layer, text: str) -> cst.SimpleStatementLine:
    """Write the statement that adds a layer as the author adds *layer*."""
    adding = [
        call
        for call in script.calls
        if m.matches(call.func, ADD) and any(outer is layer.place for outer in script.above(call))
    ]
    if not adding:
        raise NotUnderstoodError(f"it is not seen how the layer in line {script.line(layer.call)} is added")
    return line(f"{script.code(adding[-1].func)}({text})")


def _apply_inside(script: Script, changes: Changes, layer: Layer, made: str) -> None:
    """Apply the new layer to what *layer* is applied to, within the same expression."""
    given = _given(layer)
    now = changes.replaced.get(given.value, given.value)
    changes.replaced[given.value] = cst.parse_expression(f"{made}({script.code(now)})")


def _is_used_later(script: Script, layer: Layer, name: str) -> bool:
    """Tell whether what *layer* is applied to is needed again, as it is, below."""
    holder = script.parent(layer.applied) if layer.applied is not None else None
    replaced = isinstance(holder, cst.Assign) and dotted(holder.targets[0].target) == name
    if layer.applied is None or layer.place is None or replaced:
        return False
    uses = [node for node in m.findall(script.block(layer.place), m.Name(name)) if node is not None]
    later = [node for node in uses if script.place(node) > script.place(layer.applied)]
    assigned = [node for node in later if isinstance(script.parent(node), cst.AssignTarget)]
    return bool(later) and (not assigned or min(map(script.place, later)) < min(map(script.place, assigned)))


def _given(layer: Layer) -> cst.Arg:
    """Return the one argument that the layer is applied to."""
    plain = [arg for arg in layer.applied.args if arg.keyword is None] if layer.applied is not None else []
    if len(plain) != 1 or isinstance(plain[0].value, cst.List | cst.Tuple):
        raise NotUnderstoodError(f"the layer {layer.kind} is applied to more than one input")
    return plain[0]


def element(script: Script, beside: cst.Element, text: str) -> cst.Element:
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
