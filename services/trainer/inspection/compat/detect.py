"""Which libraries a script needs in an older version, and the signs of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from services.trainer.inspection.compat import telltales
from services.trainer.inspection.compat.old_calls import OldCalls, old_history_keys
from services.trainer.inspection.compat.telltales import MODERN
from services.trainer.inspection.plan import Note
from trainyard.policy import FILE
from trainyard_analysis.script import Script

_LIBRARIES = {
    "keras": ("Keras", {"keras", "tensorflow"} | telltales.SEPARATE),
    "numpy": ("NumPy", {"numpy"}),
    "pandas": ("pandas", {"pandas"}),
    "sklearn": ("scikit-learn", {"sklearn"}),
}
"""What the probe serves in an older version: what it is called, and the modules that ask for it."""

_ROOTS = {"tensorflow.keras.": False, "tensorflow.python.keras.": False, "keras.": True}
"""How the names of Keras begin, and whether that is the library on its own."""

_EXCUSES = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"})
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Sign:
    """What shows the version of a library, and where."""

    what: str
    script: Script
    line: int


def find_compat(reached: list[Script], wanted: int | None) -> tuple[tuple[str, ...], Note | None]:
    """Return the libraries that the scripts need with their older names and behaviour, and why.

    Args:
        reached: The script to run and what it imports.
        wanted: The author's setting of the generation of Keras.
    """
    modules = {each.top for script in reached for each in script.imports}
    libraries = _imported(modules)
    modern = next(_modern(reached), None)
    if wanted is not None:
        older = _imported(modules | {"keras"}) if wanted == 2 else ()  # noqa: PLR2004
        return older, Note("keras", f"gets Keras {wanted}, since {FILE} says so")
    if modern:
        return (), Note("keras", f"gets Keras 3, which has {modern.what} ({modern.script.place(modern.line)})")
    signs = [sign for script in reached for sign in _signs(script, reached, modules)]
    if signs:
        why = f"gets what older {_called(libraries)} had, since it uses {_named(signs)}"
        return libraries, Note("keras" if "keras" in libraries else "compat", why)
    if "keras" in libraries:
        return (), Note("keras", "gets Keras 3, since it uses nothing that Keras 3 does not have")
    return (), None


def _imported(modules: set[str]) -> tuple[str, ...]:
    return tuple(library for library, (_, names) in _LIBRARIES.items() if modules & names)


def _called(libraries: tuple[str, ...]) -> str:
    *first, last = (_LIBRARIES[library][0] for library in libraries)
    return f"{', '.join(first)} and {last}" if first else last


def _named(signs: list[Sign]) -> str:
    """Name the first of the signs, each once."""
    first: dict[str, Sign] = {}
    for sign in signs:
        first.setdefault(sign.what, sign)
    named = [f"{sign.what} ({sign.script.place(sign.line)})" for sign in first.values()]
    more = len(named) - _MOST_NAMED
    return ", ".join(named[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _modern(reached: list[Script]) -> Iterator[Sign]:
    for script in reached:
        for node in script.nodes:
            for name in _names(script, node):
                rest, _ = _within_keras(name)
                if any(beginning in MODERN for beginning in _beginnings(rest)):
                    yield Sign(f"keras.{rest}", script, getattr(node, "lineno", 1))


def _signs(script: Script, reached: list[Script], modules: set[str]) -> list[Sign]:
    """Return what a script says that only older libraries understand, in the order of its lines."""
    uses_keras = bool({"keras", "tensorflow"} & modules)
    readers: list[Callable[[ast.AST], Iterator[str]]] = [partial(_gone, script)]
    if uses_keras:
        readers.append(OldCalls(script).in_node)
    if "pandas" in modules:
        readers.append(_of_frames)
    if "keras" in modules:
        readers.append(_of_python_2)
    excused = _excused(script)
    found = [
        (getattr(node, "lineno", 1), what)
        for node in script.nodes
        if id(node) not in excused
        for read in readers
        for what in read(node)
    ]
    if uses_keras:
        found += old_history_keys(script, reached)
    return [Sign(what, script, line) for line, what in sorted(found)]


def _of_frames(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and node.attr in telltales.PANDAS:
        yield f".{node.attr}"


def _of_python_2(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        yield from (f"{each.name} of Python 2" for each in node.names if each.name in telltales.PYTHON_2)


def _names(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield the full names that an import or an expression uses."""
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (node.module if each.name == "*" else f"{node.module}.{each.name}" for each in node.names)
    elif isinstance(node, ast.Attribute):
        yield script.dotted(node)


def _gone(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield what is gone of the full names in a node."""
    for name in _names(script, node):
        for test in (_gone_from_keras, _gone_from_tensorflow, _gone_from_others):
            what = test(name)
            if what:
                yield what


def _gone_from_keras(name: str) -> str | None:
    rest, alone = _within_keras(name)
    for beginning in _beginnings(rest):
        if beginning in telltales.NAMES or (alone and beginning in telltales.STANDALONE_NAMES):
            return f"keras.{beginning}"
    return _beyond_kept(rest) if alone else None


def _beyond_kept(rest: str) -> str | None:
    """Return the name if it is not among the few that its module still has."""
    for module, kept in telltales.KEPT.items():
        name = rest.removeprefix(f"{module}.").split(".")[0]
        if rest.startswith(f"{module}.") and name not in kept and not name.startswith("_"):
            return f"keras.{module}.{name}"
    return "keras.preprocessing.text" if rest == "preprocessing.text" else None


def _gone_from_tensorflow(name: str) -> str | None:
    rest = name.removeprefix("tensorflow.")
    if rest == name:
        return None
    return next((f"tensorflow.{each}" for each in _beginnings(rest) if each in telltales.TENSORFLOW_1), None)


def _gone_from_others(name: str) -> str | None:
    if name.startswith("tensorflow.python.keras"):
        return "tensorflow.python.keras"
    return next((each for each in _beginnings(name) if each in telltales.OTHERS), None)


def _beginnings(name: str) -> list[str]:
    """Return a dotted name and those of all that it is within, the outermost first."""
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _within_keras(name: str) -> tuple[str, bool]:
    """Return what follows `keras.` in a full name, and whether that is the library on its own."""
    for root, alone in _ROOTS.items():
        if name.startswith(root):
            return name.removeprefix(root), alone
    return "", False


def _excused(script: Script) -> set[int]:
    """Return what may fail without harm: it is tried, or it depends on a library's version."""
    found: set[int] = set()
    for node in script.nodes:
        parts: list[ast.stmt] = []
        if isinstance(node, ast.Try) and any(_catches(script, handler) for handler in node.handlers):
            parts = node.body
        elif isinstance(node, ast.If) and _asks_for_version(node.test):
            parts = [node]
        found.update(id(each) for part in parts for each in ast.walk(part))
    return found


def _asks_for_version(test: ast.expr) -> bool:
    attributes = (each.attr for each in ast.walk(test) if isinstance(each, ast.Attribute))
    return any(attribute in ("__version__", "VERSION") for attribute in attributes)


def _catches(script: Script, handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(script.dotted(each) in _EXCUSES for each in named)
