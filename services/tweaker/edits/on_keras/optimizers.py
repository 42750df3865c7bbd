"""Where a script chooses its Keras optimizer, and how to write another one."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.on_keras import following
from services.tweaker.edits.on_keras.branches import reached
from services.tweaker.edits.on_keras.layers import KERAS
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import imports
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import literal_of
from services.tweaker.source.rewrite import Changes
from services.tweaker.source.script import Script, argument, dotted

CLASSES = ("SGD", "RMSprop", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "Nadam", "Ftrl")
BY_NAME = {name.lower(): name for name in CLASSES}
OPTIMIZER = re.compile(KERAS + r"(?:\w+\.)*(?:" + "|".join(CLASSES) + ")")
COMPILE = m.Attribute(attr=m.Name("compile"))
RATE = ("learning_rate", "lr")
DEFAULT_RATE = {"SGD": 0.01}
USUAL_RATE = 0.001

_KERAS_PACKAGE = re.compile(r"^((?:tensorflow\.(?:python\.)?|tf_)?keras)\b")

Chosen = tuple[str, cst.Call | cst.SimpleString]
"""The class, and the call or the text that chooses it."""


def chosen(script: Script) -> Chosen:
    """Return the optimizer that the script compiles its network with.

    Raises:
        NotUnderstoodError: There is none, or there are several.
    """
    calls = reached(script, [call for call in script.calls if script.is_called(call, OPTIMIZER)])
    if len(calls) == 1:
        return script.is_called(calls[0], OPTIMIZER) or "", calls[0]
    given = _given(script)
    made = following.value(script, given) if isinstance(given, cst.Name) else given
    if isinstance(made, cst.Call) and made in calls:
        return script.is_called(made, OPTIMIZER) or "", made
    if calls:
        raise NotUnderstoodError(f"{len(calls)} optimizers are made here")
    if given is None:
        raise NotUnderstoodError("no optimizer is chosen here")
    return _by_name(script, given)


def _given(script: Script) -> cst.BaseExpression | None:
    """Return what the network that is trained is compiled with."""
    compiles = [call for call in script.calls if m.matches(call.func, COMPILE)]
    if len(compiles) > 1:
        compiles = list(find_network(script).compiles)
    given = [argument(call, "optimizer", position=0) for call in compiles]
    return given[0].value if len(given) == 1 and given[0] is not None else None


def _by_name(script: Script, given: cst.BaseExpression) -> Chosen:
    """Return the optimizer that compile is told by its name."""
    literal = literal_of(script, given)
    name = BY_NAME.get(str(literal.evaluated_value).lower()) if isinstance(literal, cst.SimpleString) else None
    if name is None or not isinstance(literal, cst.SimpleString):
        raise NotUnderstoodError(f"the optimizer {script.code(literal)} is not known")
    return name, literal


def written(script: Script, changes: Changes, name: str, use: cst.CSTNode, corner: str = "optimizers") -> str:
    """Return how to write the class *name* of a corner of Keras at *use*, importing it if need be."""
    for package, rest in (
        (f"tensorflow.keras.{corner}", ""),
        (f"keras.{corner}", ""),
        ("tensorflow.keras", f".{corner}"),
        ("keras", f".{corner}"),
        ("tensorflow", f".keras.{corner}"),
    ):
        known = _known_as(script, package, use)
        if known is not None:
            return f"{known}{rest}.{name}"
    return imports.imported(script, changes, f"{_package(script)}.{corner}", name, use)


def _known_as(script: Script, package: str, use: cst.CSTNode) -> str | None:
    """Return under which name a package is imported at the top, above *use*."""
    for node in m.findall(script.module, m.ImportAlias()):
        holder = script.parent(node)
        outer = dotted(holder.module) + "." if isinstance(holder, cst.ImportFrom) and holder.module is not None else ""
        if not isinstance(node, cst.ImportAlias) or outer + node.evaluated_name != package:
            continue
        if script.block(node) is script.module and imports.is_above(script, node, use):
            return node.evaluated_alias or node.evaluated_name
    return None


def _package(script: Script) -> str:
    """Return the package that the script imports Keras from."""
    for node in m.findall(script.module, m.ImportFrom()):
        module = dotted(node.module) if isinstance(node, cst.ImportFrom) and node.module is not None else ""
        found = _KERAS_PACKAGE.match(module)
        if found:
            return found.group(1)
    raise NotUnderstoodError("it is not seen where Keras is imported from")
