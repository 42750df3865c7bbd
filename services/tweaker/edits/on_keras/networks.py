"""Which network a script trains, and of which layers it is built."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from services.tweaker.edits.assignments import (
    attribute_values,
    called_function,
    definition,
    passed_values,
    possible_values,
    returned_values,
)
from services.tweaker.edits.on_keras.functional import Walk
from services.tweaker.edits.on_keras.layers import INPUTS, MODEL, SEQUENTIAL, Layer, Network
from services.tweaker.edits.on_keras.sequential import sequential
from services.tweaker.source import NotUnderstoodError, Script, argument, called, receiver

Builder = cst.Call | cst.ClassDef
"""Where a network begins: the call of Sequential or Model, or the author's own class of models."""

TRAINING = ("fit", "fit_generator", "train_on_batch")
COMPILING = ("compile",)
WRAPPERS = ("build_fn", "model", "estimator")
_DEEPEST = 8


@lru_cache(maxsize=8)
def find_network(script: Script) -> Network:
    """Return the one network that the script trains.

    Raises:
        NotUnderstoodError: It builds none, or which one it trains or how that is built was not found.
    """
    builder = _trained(script)
    layers, outputs = _layers(script, builder)
    if all(layer.kind in INPUTS for layer in layers):
        raise NotUnderstoodError("the layers of the Keras network were not found")
    fits = _calls_on(script, builder, TRAINING)
    compiles = _calls_on(script, builder, COMPILING)
    call = builder if isinstance(builder, cst.Call) else None
    return Network(layers, _start(script, builder, layers), fits, compiles, call, outputs)


def _trained(script: Script) -> Builder:
    """Return what builds the network that is trained."""
    builders = list(_builders(script))
    if not builders:
        raise NotUnderstoodError("the script does not build a Keras network layer by layer")
    for methods in (TRAINING, COMPILING):
        built = {each for call in _calls(script, methods) for each in _built(script, call)}
        if len(built) > 1:
            raise NotUnderstoodError("the script trains several Keras models")
        if built:
            return built.pop()
    classes = set(_classes(script))
    builders = [each for each in builders if classes.isdisjoint(script.above(each))]
    if len(builders) > 1:
        raise NotUnderstoodError("the script builds several Keras models, and which of them is trained was not found")
    return builders[0]


def _calls_on(script: Script, builder: Builder, methods: tuple[str, ...]) -> tuple[cst.Call, ...]:
    """Return the calls of these methods on the model of that builder."""
    return tuple(call for call in _calls(script, methods) if builder in _built(script, call))


def _calls(script: Script, methods: tuple[str, ...]) -> Iterator[cst.Call]:
    for call in script.calls:
        if called(call) in methods and receiver(call) is not None:
            yield call


def _builders(script: Script) -> Iterator[Builder]:
    """Yield every place where a network begins."""
    for call in script.calls:
        if script.is_called(call, SEQUENTIAL) or (script.is_called(call, MODEL) and call.args):
            yield call
    yield from _classes(script)


def _classes(script: Script) -> Iterator[cst.ClassDef]:
    """Yield the author's own classes of models."""
    for node in script.nodes(cst.ClassDef):
        if any(MODEL.fullmatch(name) for base in node.bases for name in script.names(base.value)):
            yield node


def _built(script: Script, call: cst.Call) -> list[Builder]:
    """Return what builds the model whose method is called."""
    model = receiver(call)
    return list(_builders_of(script, model)) if model is not None else []


def _builders_of(script: Script, node: cst.BaseExpression, depth: int = 0) -> Iterator[Builder]:
    """Yield what builds the model that *node* stands for, as far as that is found."""
    if depth > _DEEPEST:
        return
    if isinstance(node, cst.Call) and (script.is_called(node, SEQUENTIAL) or script.is_called(node, MODEL)):
        yield node
        return
    own = definition(script, node.func, cst.ClassDef) if isinstance(node, cst.Call) else None
    if own is not None and own in _classes(script):
        yield own
        return
    for value in _sources(script, node):
        yield from _builders_of(script, value, depth + 1)


def _sources(script: Script, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield where the model that *node* stands for comes from."""
    if isinstance(node, cst.Name):
        yield from possible_values(script, node) or passed_values(script, node)
    elif isinstance(node, cst.Attribute):
        yield from (value for _, value in attribute_values(script, node))
    elif isinstance(node, cst.Call):
        function = called_function(script, node)
        wrapped = argument(node, *WRAPPERS) if function is None else None
        function = definition(script, wrapped, cst.FunctionDef) if wrapped is not None else function
        yield from returned_values(script, function) if function is not None else ()


def _layers(script: Script, builder: Builder) -> tuple[tuple[Layer, ...], int]:
    """Return the layers of a network in order, and how many outputs it has."""
    if isinstance(builder, cst.ClassDef):
        return _subclassed(script, builder), 1
    if script.is_called(builder, SEQUENTIAL):
        return tuple(sequential(script, builder)), 1
    outputs = argument(builder, "outputs", "output", position=1)
    if outputs is None:
        raise NotUnderstoodError(f"the outputs of the model in line {script.line(builder)} were not found")
    walk = Walk(script, builder)
    walk.back_from(outputs)
    several = isinstance(outputs, cst.List | cst.Tuple | cst.Dict)
    return tuple(walk.layers), len(outputs.elements) if several else 1  # type: ignore[attr-defined]


def _subclassed(script: Script, model: cst.ClassDef) -> tuple[Layer, ...]:
    """Return the layers that the class's own `call` applies."""
    methods = [node for node in model.body.body if isinstance(node, cst.FunctionDef) and node.name.value == "call"]
    if not methods:
        raise NotUnderstoodError(f"the class {model.name.value} has no method call")
    walk = Walk(script, methods[0].body)
    for result in returned_values(script, methods[0]):
        walk.back_from(result)
    return tuple(walk.layers)


def _start(script: Script, builder: Builder, layers: tuple[Layer, ...]) -> cst.SimpleStatementLine:
    """Return the first statement that the network needs."""
    places = [layer.stored or layer.place for layer in layers]
    statements = [each for each in places if isinstance(each, cst.SimpleStatementLine)]
    inside = [script.statement(each) for each in places if isinstance(each, cst.Element)]
    own = [script.statement(builder)] if isinstance(builder, cst.Call) else []
    return min([*statements, *inside, *own], key=script.line)
