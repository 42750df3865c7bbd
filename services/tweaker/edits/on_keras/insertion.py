"""Insert layers into a network, beside one that is there or in front of all, in the style in which that is written."""

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits import lists
from services.tweaker.edits.assignments import assigned_name, names_in, only_value, possible_values
from services.tweaker.edits.on_keras.layers import LAYER, SHAPES, Layer
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, dotted, free_name, imports, line
from services.tweaker.source.arguments import beside, without

PREPARED = ("prepared", "prepared_inputs")
"""Names for inputs to which the first layers were applied."""
_ADD = m.Attribute(attr=m.Name("add") | m.Name("append"))
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def layer_class(script: Script, changes: Changes, name: str, use: Layer | cst.CSTNode) -> str:
    """Return how to write the class *name* of layers at *use*, imported like one that the network has."""
    place = (use.stored or use.place or use.call) if isinstance(use, Layer) else use
    reasons: list[str] = []
    for func in _known_classes(script, name):
        try:
            return imports.sibling(script, changes, func, name, place)
        except NotUnderstoodError as error:
            reasons.append(str(error))
    raise NotUnderstoodError(reasons[0] if reasons else "the import of the layers was not found")


def _known_classes(script: Script, name: str) -> list[cst.BaseExpression]:
    """Return the classes of the network's layers as they are written; only those of that name if there are some."""
    known = [layer.call.func for layer in find_network(script).layers if script.is_called(layer.call, LAYER)]
    return [func for func in known if dotted(func).endswith(name)] or known


def put_before(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Put the layer that *text* makes before *layer*."""
    if isinstance(layer.place, cst.Element):
        changes.put_before(layer.place, [beside(script, layer.place, text)])
    elif layer.applied is not None:
        name = dotted(_input_of(layer))
        if not name or "." in name or _is_used_later(script, layer, name):
            _apply_first(script, changes, layer, text)
        else:
            new = _stored(script, changes, layer, text)
            changes.put_before(_statement(script, layer), [line(f"{name} = {new}({name})")])
    else:
        changes.put_before(_statement(script, layer), [_adding(script, layer, text)])


def put_after(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Put the layer that *text* makes after *layer*."""
    if layer.stored is not None and layer.repeated:
        raise NotUnderstoodError(f"the rounds of a loop would share what is put after line {script.line(layer.call)}")
    if isinstance(layer.place, cst.Element):
        put_element_after(script, changes, layer.place, text)
    elif layer.applied is not None:
        name = assigned_name(script, layer.applied)
        if not name or "." in name:
            raise NotUnderstoodError(f"the result of {layer.kind} in line {script.line(layer.call)} has no name")
        new = _stored(script, changes, layer, text)
        changes.put_after(_statement(script, layer), [line(f"{name} = {new}({name})")])
    else:
        changes.put_after(_statement(script, layer), [_adding(script, layer, text)])


def put_element_after(script: Script, changes: Changes, place: cst.Element, text: str) -> None:
    """Put the layer that *text* makes after an element of a list or tuple, and keep how that ends."""
    new, holder = beside(script, place, text), script.parent(place)
    if isinstance(holder, cst.List | cst.Tuple) and holder.elements[-1] is place:
        if isinstance(place.comma, cst.Comma):
            changes.replaced[place.comma] = new.comma if isinstance(new.comma, cst.Comma) else place.comma
        new = new.with_changes(comma=place.comma)
    changes.put_after(place, [new])


def _stored(script: Script, changes: Changes, layer: Layer, text: str) -> str:
    """Return what to apply: the new layer itself, or in a model's own class the attribute that stores it."""
    if layer.stored is None:
        return text
    kind = text.partition("(")[0].rpartition(".")[2]
    name = free_name(script, changes, "_".join(_WORDS.split(kind)).lower())
    changes.put_before(layer.stored, [line(f"self.{name} = {text}")])
    return f"self.{name}"


def _adding(script: Script, layer: Layer, text: str) -> cst.SimpleStatementLine:
    """Return the statement that adds a new layer as the author adds *layer*."""
    calls = [call for call in script.calls if m.matches(call.func, _ADD) and layer.place in set(script.above(call))]
    if not calls:
        raise NotUnderstoodError(f"line {script.line(layer.call)} does not show how the layer is added")
    return line(f"{script.code(calls[-1].func)}({text})")


def _apply_first(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Apply the layer that *text* makes to the input of *layer*, within the same expression."""
    given, new = _input_of(layer), _stored(script, changes, layer, text)
    now = changes.replaced.get(given, given)
    changes.replaced[given] = cst.parse_expression(f"{new}({script.code(now)})")


def _input_of(layer: Layer) -> cst.BaseExpression:
    """Return the one expression that the layer is applied to."""
    plain = [arg.value for arg in layer.applied.args if arg.keyword is None] if layer.applied is not None else []
    if len(plain) != 1 or isinstance(plain[0], cst.List | cst.Tuple):
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
    uses = m.findall(script.block(layer.place), m.Name(name))
    later = sorted((node for node in uses if script.place(node) > script.place(layer.applied)), key=script.place)
    return bool(later) and not isinstance(script.parent(later[0]), cst.AssignTarget)


def put_in_front(script: Script, changes: Changes, layer: Layer, *texts: str) -> None:
    """Put the layers that *texts* make, in this order, before one of the first layers."""
    if layer.listed is not None and not layer.once:
        lists.put_in_front(script, changes, layer.listed, *texts)
    elif layer.listed is None and layer.stored is None and _takes_input(script, layer):
        _put_on_input(script, changes, *texts)
    else:
        applied = _put_before_loop if layer.repeated else _apply_first
        for text in texts:
            (applied if layer.listed is None else put_before)(script, changes, layer, text)


def take_shape(script: Script, changes: Changes, layer: Layer) -> list[str]:
    """Take the arguments that give the shape of the inputs out of a layer; return them as source."""
    call, taken = without(layer.call, SHAPES)
    if taken:
        changes.replaced[layer.call] = call
    plain = {"comma": cst.MaybeSentinel.DEFAULT, "whitespace_after_arg": cst.SimpleWhitespace("")}
    return [script.code(arg.with_changes(**plain)) for arg in taken]


def _takes_input(script: Script, layer: Layer) -> bool:
    """Return whether *layer* is applied to the network's input itself, or that may be."""
    inputs = [each.call for each in find_network(script).of_kind({"Input"})]
    return not layer.once or only_value(script, _input_of(layer)) in inputs


def _put_before_loop(script: Script, changes: Changes, layer: Layer, text: str) -> None:
    """Apply the layer that *text* makes before the loop in which *layer* is applied."""
    loop = script.nearest(layer.applied, cst.For) if layer.applied is not None else None
    name = dotted(_input_of(layer))
    if loop is None or not name:
        raise NotUnderstoodError(f"no layer can be put before the one in line {script.line(layer.call)}")
    changes.put_before(loop, [line(f"{name} = {_stored(script, changes, layer, text)}({name})")])


def _put_on_input(script: Script, changes: Changes, *texts: str) -> None:
    """Apply the layers that *texts* make, in this order, to the network's one input, wherever that goes."""
    layer, name = _input(script)
    uses = _input_uses(script, layer.call, name)
    renamed = assigned_name(script, uses[0])
    result = renamed or script.code(uses[0])
    for text in texts:
        result = f"{text}({result})"
    if renamed and len(uses) == 1:
        changes.put_after(script.statement(uses[0]), [line(f"{renamed} = {result}")])
        return
    if len(uses) > 1:
        if not isinstance(layer.place, cst.SimpleStatementLine):
            raise NotUnderstoodError("the network's input has no statement of its own")
        prepared = free_name(script, changes, *PREPARED)
        changes.put_after(layer.place, [line(f"{prepared} = {result}")])
        result = prepared
    for use in uses:
        changes.replaced[use] = cst.parse_expression(result)


def _input(script: Script) -> tuple[Layer, cst.Name]:
    """Return the network's one input, and its name."""
    inputs = find_network(script).of_kind({"Input"})
    holder = script.parent(inputs[0].call) if len(inputs) == 1 else None
    name = holder.targets[0].target if isinstance(holder, cst.Assign) else None
    if not isinstance(name, cst.Name):
        raise NotUnderstoodError("the network does not have one named input")
    return inputs[0], name


def _input_uses(script: Script, created: cst.Call, name: cst.Name) -> list[cst.Name]:
    """Return where the input that is created there is passed to layers, or goes on under another name."""
    same = [each for each in names_in(script.block(name)) if each.value == name.value]
    renamed = {each for each in same if isinstance(outer := script.parent(each), cst.Assign) and outer.value is each}
    passed = [each for each in same if each in renamed or _goes_on(script, each)]
    if not passed or any(possible_values(script, each) != [created] for each in passed):
        raise NotUnderstoodError(f"it is not certain where the input {name.value} goes")
    return sorted(passed, key=script.place)


def _goes_on(script: Script, node: cst.CSTNode) -> bool:
    """Return whether the node is passed to a call that does not make the network."""
    return _call_around(script, node) not in (None, find_network(script).call)


def _call_around(script: Script, node: cst.CSTNode) -> cst.Call | None:
    """Return the call that takes the node as an argument, in a list or not."""
    outer = script.parent(node)
    while isinstance(outer, cst.Arg | cst.Element | cst.List):
        outer = script.parent(outer)
    return outer if isinstance(outer, cst.Call) else None
