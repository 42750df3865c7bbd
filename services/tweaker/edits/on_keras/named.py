"""What Keras takes by name, as a function or as an object: 'relu', keras.activations.relu, ReLU()."""

import re

import libcst as cst

from services.tweaker.source import Changes, NotUnderstoodError, Script, place_of, read, write
from services.tweaker.source.arguments import text_literal

_PACKAGES = ("keras.", "tensorflow.", "tf_keras.")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def name_of(script: Script, node: cst.BaseExpression) -> str:
    """Return the name in lower case with underscores; empty where it is computed."""
    if isinstance(node, cst.Call):
        return name_of(script, node.func)
    try:
        return str(read(script, node))
    except NotUnderstoodError:
        known = sorted(name for name in script.names(node) if name.startswith(_PACKAGES))
        return "_".join(_WORDS.split(known[0].rpartition(".")[2])).lower() if known else ""


def write_name(
    script: Script,
    changes: Changes,
    node: cst.BaseExpression,
    name: str,
    unless_shared: cst.BaseExpression | None = None,
) -> None:
    """Write another name where the one of *node* stands, but not where that also decides *unless_shared*."""
    try:
        place = place_of(script, node)
        shared = unless_shared is not None and place is place_of(script, unless_shared)
    except NotUnderstoodError:
        place, shared = node, False
    if shared or place is node:
        changes.replaced[node] = text_literal(script, name)
    else:
        write(script, changes, node, name)
