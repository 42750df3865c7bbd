"""Which network a script trains, and of which layers it is built."""

from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from services.tweaker.edits import assignments
from services.tweaker.edits.branches import reachable
from services.tweaker.edits.on_keras.functional import Walk
from services.tweaker.edits.on_keras.layers import BUILDER, INPUTS, MODEL, SEQUENTIAL, Layer, Network
from services.tweaker.edits.on_keras.sequential import sequential
from services.tweaker.source import AbsentError, NotUnderstoodError, Script, argument, called, receiver
from services.tweaker.source.script import At
from services.tweaker.source.values.functions import method

Builder = cst.Call | cst.ClassDef
"""Where a network begins: the call of Sequential or Model, or the author's own class of models."""

TRAINING = ("fit", "fit_generator", "train_on_batch")
COMPILING = ("compile",)
WRAPPERS = ("build_fn", "model", "estimator")
_DEEPEST = 8
_STATEMENTS = cst.SimpleStatementLine | cst.BaseCompoundStatement


@lru_cache(maxsize=8)
def find_network(script: Script) -> Network:
    """Return the one network that the script trains."""
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
        raise AbsentError("the script does not build a Keras network layer by layer")
    for methods in (TRAINING, COMPILING):
        built = set(reachable(script, list(set[Builder]().union(*_calls(script, methods).values()))))
        if len(built) > 1:
            raise NotUnderstoodError("the script trains several Keras models")
        if built:
            return built.pop()
    classes = set(assignments.subclasses(script, MODEL))
    builders = [each for each in builders if classes.isdisjoint(script.above(each))]
    if len(builders) > 1:
        raise NotUnderstoodError("the script builds several Keras models, and which of them is trained was not found")
    return builders[0]


def _calls_on(script: Script, builder: Builder, methods: tuple[str, ...]) -> tuple[cst.Call, ...]:
    return tuple(call for call, builders in _calls(script, methods).items() if builder in builders)


def _calls(script: Script, methods: tuple[str, ...]) -> dict[cst.Call, set[Builder]]:
    """Return the calls of these methods, with what builds the model that each is called on."""
    found = {call: receiver(call) for call in script.calls if called(call) in methods}
    return {call: set(builders_of(script, model)) for call, model in found.items() if model is not None}


def _builders(script: Script) -> Iterator[Builder]:
    """Yield every place where a network begins."""
    for call in script.calls:
        if script.is_called(call, SEQUENTIAL) or (script.is_called(call, MODEL) and call.args):
            yield call
    yield from assignments.subclasses(script, MODEL)


def builders_of(script: Script, node: cst.BaseExpression, depth: int = 0) -> Iterator[Builder]:
    """Yield what builds the model that *node* stands for, as far as that is found."""
    own = assignments.definition(script, node.func, cst.ClassDef) if isinstance(node, cst.Call) else None
    if isinstance(node, cst.Call) and script.is_called(node, BUILDER):
        yield node
    elif own is not None and own in assignments.subclasses(script, MODEL):
        yield own
    elif depth < _DEEPEST:
        for value in _sources(script, node):
            yield from builders_of(script, value, depth + 1)


def _sources(script: Script, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    """Yield where the model that *node* stands for comes from."""
    if isinstance(node, cst.Name):
        yield from assignments.possible_values(script, node) or assignments.passed_values(script, node)
    elif isinstance(node, cst.Attribute):
        yield from (value for _, value in assignments.attribute_values(script, node))
    elif isinstance(node, cst.Call):
        function = assignments.called_function(script, node) or _wrapped(script, node)
        yield from assignments.returned_values(script, function) if function is not None else ()


def _wrapped(script: Script, call: cst.Call) -> cst.FunctionDef | None:
    """Return the function by which a wrapper like scikit-learn's estimators builds its model."""
    given = argument(call, *WRAPPERS)
    return assignments.definition(script, given, cst.FunctionDef) if given is not None else None


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
    return tuple(walk.layers), len(outputs.elements) if isinstance(outputs, cst.List | cst.Tuple | cst.Dict) else 1


def _subclassed(script: Script, model: cst.ClassDef) -> tuple[Layer, ...]:
    """Return the layers that the class's own `call` applies."""
    call = method(At(script, model), "call")
    if call is None:
        raise NotUnderstoodError(f"the class {model.name.value} has no method call")
    walk = Walk(script, call.node.body)
    for result in assignments.returned_values(script, call.node):
        walk.back_from(result)
    return tuple(walk.layers)


def _start(script: Script, builder: Builder, layers: tuple[Layer, ...]) -> cst.SimpleStatementLine:
    """Return the first statement that the network needs."""
    places = [place for layer in layers if (place := layer.stored or layer.place or _front(layer)) is not None]
    outer = (next(each for each in (place, *script.above(place)) if isinstance(each, _STATEMENTS)) for place in places)
    statements = [each for each in outer if isinstance(each, cst.SimpleStatementLine)]
    if isinstance(builder, cst.Call):
        own, home = script.statement(builder), script.nearest(builder, cst.FunctionDef)
        statements = [own, *(each for each in statements if script.nearest(each, cst.FunctionDef) is home)]
    return min(statements, key=script.line)


def _front(layer: Layer) -> cst.CSTNode | None:
    return layer.listed.front if layer.listed is not None else None
