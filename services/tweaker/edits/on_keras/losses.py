"""Which loss a network is compiled with, and how to write another one."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.assignments import only_value
from services.tweaker.edits.on_keras.named import name_of, write_name
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, imports
from services.tweaker.source.arguments import without

BINARY, ONE_HOT, SPARSE = "binary_crossentropy", "categorical_crossentropy", "sparse_categorical_crossentropy"
SHORT = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "bce": "binary_crossentropy"}
LOGITS = frozenset({"from_logits"})


def loss_of(script: Script) -> tuple[str, bool]:
    """Return the name of the network's loss, and whether it takes logits."""
    node = _loss(script)
    name = name_of(script, node)
    if not name or isinstance(node, cst.List | cst.Dict | cst.Lambda):
        raise NotUnderstoodError(f"the loss {script.code(node)} is not known")
    flag = argument(node, *LOGITS, position=0) if isinstance(node, cst.Call) else None
    return SHORT.get(name, name), flag is not None and script.code(flag) == "True"


def write_loss(script: Script, changes: Changes, name: str) -> None:
    """Make the loss the one of that name, which takes probabilities, in the form in which the author gives it."""
    node = _loss(script)
    if isinstance(node, cst.Call):
        by_keyword = node.args and node.args[0].keyword is not None
        plain = without(node, LOGITS)[0] if by_keyword else node.with_changes(args=[])
        words = "".join(word.capitalize() for word in name.split("_"))
        func = cst.parse_expression(imports.sibling(script, changes, node.func, words, node.func))
        changes.replaced[node] = plain.with_changes(func=func)
    elif not isinstance(node, cst.Attribute):
        write_name(script, changes, node, name)
    elif node.attr.value[:1].isupper():
        raise NotUnderstoodError(f"the loss {script.code(node)} is a class that is not called")
    else:
        changes.replaced[node] = node.with_changes(attr=cst.Name(name))


def _loss(script: Script) -> cst.BaseExpression:
    """Return what the network is compiled with as its loss, followed to the call that creates it."""
    found = [argument(call, "loss", position=1) for call in find_network(script).compiles]
    if len(found) != 1 or found[0] is None:
        raise NotUnderstoodError("the loss of the network was not found")
    call = only_value(script, found[0])
    return call if isinstance(call, cst.Call) else found[0]
