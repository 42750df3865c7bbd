"""Which loss a network is compiled with, and how to write another one."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.on_keras import following
from services.tweaker.edits.on_keras.layers import Network
from services.tweaker.edits.on_keras.spelling import name_of, write_name
from services.tweaker.source import imports
from services.tweaker.source.arguments import without
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script, argument

SHORT = {"mse": "mean_squared_error", "mae": "mean_absolute_error", "bce": "binary_crossentropy"}
LOGITS = frozenset({"from_logits"})


def loss_of(script: Script, network: Network) -> tuple[str, bool]:
    """Return the name of the network's loss, and whether it takes logits.

    Raises:
        NotUnderstoodError: It is not seen, or there are several.
    """
    node = _given(script, network)
    name = name_of(script, node)
    if not name or isinstance(node, cst.List | cst.Dict | cst.Lambda):
        raise NotUnderstoodError(f"the loss {script.code(node)} is not known")
    flag = argument(node, *LOGITS, position=0) if isinstance(node, cst.Call) else None
    return SHORT.get(name, name), flag is not None and script.code(flag.value) == "True"


def write_loss(script: Script, changes: Changes, network: Network, name: str) -> None:
    """Make the loss the one of that name, which takes probabilities, in the form in which the author gives it."""
    node = _given(script, network)
    if isinstance(node, cst.Call):
        plain = (
            without(node, LOGITS)[0] if node.args and node.args[0].keyword is not None else node.with_changes(args=[])
        )
        words = "".join(word.capitalize() for word in name.split("_"))
        changes.replaced[node] = plain.with_changes(func=_beside(script, changes, node.func, words))
    elif isinstance(node, cst.Attribute):
        changes.replaced[node] = node.with_changes(attr=cst.Name(_as_function(script, node, name)))
    else:
        write_name(script, changes, node, name)


def _given(script: Script, network: Network) -> cst.BaseExpression:
    """Return what the network is compiled with as its loss, followed to the call that makes it."""
    found = [argument(call, "loss", position=1) for call in network.compiles]
    if len(found) != 1 or found[0] is None:
        raise NotUnderstoodError("the loss of the network is not seen")
    node = found[0].value
    made = following.value(script, node) if isinstance(node, cst.Name) else None
    return made if isinstance(made, cst.Call) else node


def _beside(script: Script, changes: Changes, func: cst.BaseExpression, name: str) -> cst.BaseExpression:
    """Write the class of that name as the author writes the one that is there."""
    return cst.parse_expression(imports.sibling(script, changes, func, name, func))


def _as_function(script: Script, node: cst.Attribute, name: str) -> str:
    """Write the name as that of a function or of a class, whichever the author gives."""
    is_class = node.attr.value[:1].isupper()
    if is_class:
        raise NotUnderstoodError(f"the loss {script.code(node)} is a class that is not called")
    return name
