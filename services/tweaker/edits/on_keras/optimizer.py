"""Change the optimizer of a Keras network."""

import re
from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import resolved
from services.tweaker.edits.branches import reached
from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import OPTIMIZER
from services.tweaker.edits.on_keras.layers import KERAS
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, as_code, dotted, imports, literal_of
from trainyard.trial import Setting

CLASSES = ("SGD", "RMSprop", "Adam", "AdamW", "Adadelta", "Adagrad", "Adamax", "Nadam", "Ftrl")
BY_NAME = {name.lower(): name for name in CLASSES}
_OPTIMIZER = re.compile(KERAS + r"(?:\w+\.)*(?:" + "|".join(CLASSES) + ")")
_COMPILE = m.Attribute(attr=m.Name("compile"))
_KERAS_PACKAGE = re.compile(r"^((?:tensorflow\.(?:python\.)?|tf_)?keras)\b")

Chosen = tuple[str, cst.Call | cst.SimpleString]
"""The optimizer's class, and the call or the text that chooses it."""


def chosen(script: Script) -> Chosen:
    """Return the optimizer that the script compiles its network with."""
    created = {call: name for call in script.calls if (name := script.is_called(call, _OPTIMIZER))}
    calls = reached(script, list(created))
    compiled = calls[0] if len(calls) == 1 else _compiled_with(script)
    if isinstance(compiled, cst.Call) and compiled in calls:
        return created[compiled], compiled
    if calls:
        raise NotUnderstoodError(f"the script creates {len(calls)} optimizers")
    if compiled is None:
        raise NotUnderstoodError("the script does not choose an optimizer")
    return _by_name(script, compiled)


def _compiled_with(script: Script) -> cst.BaseExpression | None:
    """Return the optimizer that the trained network is compiled with."""
    compiles = [call for call in script.calls if m.matches(call.func, _COMPILE)]
    if len(compiles) > 1:
        compiles = list(find_network(script).compiles)
    given = [argument(call, "optimizer", position=0) for call in compiles]
    return resolved(script, given[0]) if len(given) == 1 and given[0] is not None else None


def _by_name(script: Script, given: cst.BaseExpression) -> Chosen:
    """Return the optimizer that compile is given by name."""
    literal = literal_of(script, given)
    name = BY_NAME.get(str(literal.evaluated_value).lower()) if isinstance(literal, cst.SimpleString) else None
    if name is None or not isinstance(literal, cst.SimpleString):
        raise NotUnderstoodError(f"the optimizer {script.code(literal)} is not known")
    return name, literal


def keras_class(script: Script, changes: Changes, name: str, use: cst.CSTNode, module: str = "optimizers") -> str:
    """Return how to write the class *name* of a module of Keras at *use*, importing it if need be."""
    modules = (f"tensorflow.keras.{module}", f"keras.{module}")
    known = [
        (full.removeprefix(package), local)
        for package, local in _imported_packages(script, use)
        for full in modules
        if f"{full}.".startswith(f"{package}.")
    ]
    if known:
        rest, local = min(known, key=lambda each: len(each[0]))
        return f"{local}{rest}.{name}"
    return imports.imported(script, changes, f"{_package(script)}.{module}", name, use)


def _imported_packages(script: Script, use: cst.CSTNode) -> Iterator[tuple[str, str]]:
    """Yield what is imported at module level above *use*, with the name under which it is known."""
    for alias in script.nodes(cst.ImportAlias):
        holder = script.parent(alias)
        outer = f"{dotted(holder.module)}." if isinstance(holder, cst.ImportFrom) and holder.module is not None else ""
        if script.block(alias) is script.module and imports.is_above(script, alias, use):
            yield outer + alias.evaluated_name, alias.evaluated_alias or alias.evaluated_name


def _package(script: Script) -> str:
    found = (_KERAS_PACKAGE.match(dotted(each.module)) for each in script.nodes(cst.ImportFrom) if each.module)
    package = next((match[1] for match in found if match), None)
    if package is None:
        raise NotUnderstoodError("the import of Keras was not found")
    return package


def _change(script: Script, changes: Changes, site: Chosen, optimizer: Setting) -> None:
    """Write the other optimizer with its own defaults: rates and momenta of one do not suit another."""
    (current, place), name = site, BY_NAME.get(str(optimizer))
    if name is None or name == current:
        raise NotUnderstoodError(f"the optimizer is already {current}")
    if isinstance(place, cst.Call):
        changes.replaced[place] = cst.parse_expression(f"{imports.sibling(script, changes, place.func, name, place)}()")
    else:
        changes.replaced[place] = as_code(name.lower(), like=place)


EDIT = site_edit(OPTIMIZER, chosen, _change, lambda _, site: site[0].lower())
