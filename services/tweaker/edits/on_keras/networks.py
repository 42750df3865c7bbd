"""Which network a script trains, and of which layers it is built."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.on_keras import following
from services.tweaker.edits.on_keras.functional import Walk
from services.tweaker.edits.on_keras.layers import INPUTS, MODEL, SEQUENTIAL, Layer, Network
from services.tweaker.edits.on_keras.sequential import sequential
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.script import Script, argument

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
        NotUnderstoodError: It builds none, or it is not seen which one it trains, or how that is built.
    """
    builder = _trained(script)
    layers, answers = _layers(script, builder)
    if all(layer.kind in INPUTS for layer in layers):
        raise NotUnderstoodError("the layers of the Keras network are not seen")
    fits = _calls_on(script, builder, TRAINING)
    compiles = _calls_on(script, builder, COMPILING)
    made = builder if isinstance(builder, cst.Call) else None
    return Network(layers, _start(script, builder, layers), fits, compiles, made, answers)


def _trained(script: Script) -> Builder:
    """Return what builds the network that is trained."""
    builders = list(_builders(script))
    if not builders:
        raise NotUnderstoodError("no Keras network is built layer by layer here")
    for methods in (TRAINING, COMPILING):
        built = {id(found): found for call in _calls(script, methods) for found in _built(script, call)}
        if len(built) > 1:
            raise NotUnderstoodError("the script trains several Keras models")
        if built:
            return next(iter(built.values()))
    own = [each for each in builders if isinstance(each, cst.ClassDef)]
    builders = [each for each in builders if not any(outer is model for outer in script.above(each) for model in own)]
    if len(builders) > 1:
        raise NotUnderstoodError("the script builds several Keras models, and it is not seen which one is trained")
    return builders[0]


def _calls_on(script: Script, builder: Builder, methods: tuple[str, ...]) -> tuple[cst.Call, ...]:
    """Return the calls of these methods on the model of that builder."""
    return tuple(call for call in _calls(script, methods) if builder in _built(script, call))


def _calls(script: Script, methods: tuple[str, ...]) -> Iterator[cst.Call]:
    for call in script.calls:
        if isinstance(call.func, cst.Attribute) and call.func.attr.value in methods:
            yield call


def _builders(script: Script) -> Iterator[Builder]:
    """Yield every place where a network begins."""
    for call in script.calls:
        if script.is_called(call, SEQUENTIAL) or (script.is_called(call, MODEL) and call.args):
            yield call
    yield from _classes(script)


def _classes(script: Script) -> Iterator[cst.ClassDef]:
    """Yield the author's own classes of models."""
    for node in m.findall(script.module, m.ClassDef()):
        if isinstance(node, cst.ClassDef) and any(_is_model(script, base.value) for base in node.bases):
            yield node


def _is_model(script: Script, base: cst.BaseExpression) -> bool:
    return any(MODEL.fullmatch(name) for name in script.names(base))


def _built(script: Script, call: cst.Call) -> list[Builder]:
    """Return what builds the model whose method is called."""
    return list(_builders_of(script, call.func.value)) if isinstance(call.func, cst.Attribute) else []


def _builders_of(script: Script, node: cst.BaseExpression, depth: int = 0) -> Iterator[Builder]:
    """Yield what builds the model that *node* stands for, as far as that is seen."""
    if depth > _DEEPEST:
        return
    if isinstance(node, cst.Call) and (script.is_called(node, SEQUENTIAL) or script.is_called(node, MODEL)):
        yield node
        return
    own = following.class_called(script, node) if isinstance(node, cst.Call) else None
    if own is not None and own in _classes(script):
        yield own
        return
    for value in _sources(script, node):
        yield from _builders_of(script, value, depth + 1)


def _sources(script: Script, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield where the model that *node* stands for comes from."""
    if isinstance(node, cst.Name):
        yield from following.values(script, node) or following.given_for(script, node)
    elif isinstance(node, cst.Attribute):
        yield from (value for _, value in following.attribute_values(script, node))
    elif isinstance(node, cst.Call):
        builder = following.function(script, node)
        wrapped = argument(node, *WRAPPERS) if builder is None else None
        builder = builder or (_named(script, wrapped.value) if wrapped is not None else None)
        yield from following.returned(script, builder) if builder is not None else ()


def _named(script: Script, node: cst.BaseExpression) -> cst.FunctionDef | None:
    """Return the function of the script that is given by its name."""
    return following.function(script, cst.Call(node)) if isinstance(node, cst.Name) else None


def _layers(script: Script, builder: Builder) -> tuple[tuple[Layer, ...], int]:
    """Return the layers of a network in order, and how many outputs it has."""
    if isinstance(builder, cst.ClassDef):
        return _subclassed(script, builder), 1
    if script.is_called(builder, SEQUENTIAL):
        return tuple(sequential(script, builder)), 1
    outputs = argument(builder, "outputs", "output", position=1)
    if outputs is None:
        raise NotUnderstoodError(f"the outputs of the model in line {script.line(builder)} are not seen")
    walk = Walk(script, builder)
    walk.back_from(outputs.value)
    several = isinstance(outputs.value, cst.List | cst.Tuple | cst.Dict)
    return tuple(walk.layers), len(outputs.value.elements) if several else 1  # type: ignore[attr-defined]


def _subclassed(script: Script, model: cst.ClassDef) -> tuple[Layer, ...]:
    """Return the layers that the class's own `call` applies."""
    methods = [node for node in model.body.body if isinstance(node, cst.FunctionDef) and node.name.value == "call"]
    if not methods:
        raise NotUnderstoodError(f"the class {model.name.value} has no method call")
    walk = Walk(script, methods[0].body)
    for result in following.returned(script, methods[0]):
        walk.back_from(result)
    return tuple(walk.layers)


def _start(script: Script, builder: Builder, layers: tuple[Layer, ...]) -> cst.SimpleStatementLine:
    """Return the first statement that the network needs."""
    made = [layer.kept or layer.place for layer in layers]
    statements = [each for each in made if isinstance(each, cst.SimpleStatementLine)]
    inside = [script.statement(each) for each in made if isinstance(each, cst.Element)]
    own = [script.statement(builder)] if isinstance(builder, cst.Call) else []
    return min([*statements, *inside, *own], key=script.line)
