"""Things that Keras takes by their name, as a function or as an object: 'relu', keras.activations.relu, ReLU()."""

from __future__ import annotations

import re

import libcst as cst

from services.tweaker.source.arguments import quote, with_keyword
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import place_of, read, write
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script

_PACKAGES = ("keras.", "tensorflow.", "tf_keras.")
_WORDS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def name_of(script: Script, node: cst.BaseExpression) -> str:
    """Return the name of the thing, in small letters with underscores; empty where it is worked out."""
    if isinstance(node, cst.Call):
        return name_of(script, node.func)
    try:
        return str(read(script, node))
    except NotUnderstoodError:
        known = sorted(name for name in script.names(node) if name.startswith(_PACKAGES))
        return "_".join(_WORDS.split(known[0].rpartition(".")[2])).lower() if known else ""


def write_name(
    script: Script, changes: Changes, node: cst.BaseExpression, name: str, kept: cst.BaseExpression | None = None
) -> None:
    """Write a thing by its name where *node* gives one; what decides *kept* too does not change."""
    new = text(script, name)
    try:
        place, other = place_of(script, node), place_of(script, kept) if kept is not None else None
    except NotUnderstoodError:
        changes.replaced[node] = new
        return
    if place is other or place is node:
        changes.replaced[node] = new
    else:
        write(script, changes, node, name)


def text(script: Script, value: str) -> cst.SimpleString:
    """Write a text in the author's quotes."""
    return cst.SimpleString(f"{quote(script)}{value}{quote(script)}")


def with_argument(script: Script, call: cst.Call, name: str, code: str) -> cst.Call:
    """Return the call with a further keyword at its end whose value is *code*."""
    longer = with_keyword(script, call, name, 0)
    last = longer.args[-1].with_changes(value=cst.parse_expression(code))
    return longer.with_changes(args=[*longer.args[:-1], last])
