"""Which generation of Keras, and of the libraries around it, a script is written for."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from services.trainer.inspection.compat import telltales
from services.trainer.inspection.compat.old_calls import OldCalls, tells_of_history
from services.trainer.inspection.compat.telltales import MODERN
from services.trainer.inspection.plan import Note
from trainyard.policy import FILE
from trainyard_analysis.script import Script

_ROOTS = {"tensorflow.keras.": False, "tensorflow.python.keras.": False, "keras.": True}
"""How the names of Keras begin, and whether that is the library on its own."""

_EXCUSES = frozenset({"ImportError", "ModuleNotFoundError", "AttributeError", "Exception", "BaseException"})
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Tell:
    """What tells the generation, and where."""

    what: str
    script: Script
    line: int


def find_generation(reached: list[Script], wanted: int | None) -> tuple[bool, Note | None]:
    """Tell whether the scripts need Keras 1 or 2 under the name `keras`, and why.

    Args:
        reached: The script to run and what it imports.
        wanted: The author's setting.
    """
    if wanted is not None:
        return wanted == 2, Note("keras", f"gets Keras {wanted}, since {FILE} says so")  # noqa: PLR2004
    modern = next(_modern(reached), None)
    if modern:
        return False, Note("keras", f"gets Keras 3, which has {modern.what} ({modern.script.place(modern.line)})")
    found = list(_old(reached))
    if found:
        return True, Note("keras", f"gets what older Keras had, since it speaks of {_named(found)}")
    if any(each.top in ("keras", "tensorflow") for script in reached for each in script.imports):
        return False, Note("keras", "gets Keras 3, since it says nothing that Keras 3 does not know")
    return False, None


def _named(found: list[Tell]) -> str:
    """Name some of what was found, each once."""
    first = {tell.what: tell for tell in reversed(found)}
    ordered = [tell for tell in found if first[tell.what] is tell]
    named = ", ".join(f"{tell.what} ({tell.script.place(tell.line)})" for tell in ordered[:_MOST_NAMED])
    more = len(ordered) - _MOST_NAMED
    return named + (f" and {more} more" if more > 0 else "")


def _modern(reached: list[Script]) -> Iterator[Tell]:
    for script in reached:
        for node in ast.walk(script.tree):
            for name in _names(script, node):
                rest, _ = _within_keras(name)
                if (
                    rest
                    and rest.startswith(MODERN)
                    and (rest in MODERN or rest.startswith(tuple(f"{m}." for m in MODERN)))
                ):
                    yield Tell(f"keras.{rest}", script, getattr(node, "lineno", 1))


def _old(reached: list[Script]) -> Iterator[Tell]:
    uses_keras = bool({"keras", "tensorflow"} & _modules(reached))
    for script in reached:
        excused, calls = _excused(script), OldCalls(script)
        found: list[tuple[int, str]] = []
        for node in ast.walk(script.tree):
            if id(node) in excused:
                continue
            line = getattr(node, "lineno", 1)
            found += [(line, what) for name in _names(script, node) for what in _gone(name)]
            if uses_keras:
                found += [(line, what) for what in calls.in_node(node)]
            if isinstance(node, ast.Attribute) and node.attr in telltales.PANDAS and "pandas" in _modules(reached):
                found.append((line, f".{node.attr}"))
            if "keras" in _modules(reached) and isinstance(node, ast.ImportFrom) and node.module == "__future__":
                found += [(line, f"{each.name} of Python 2") for each in node.names if each.name in telltales.PYTHON_2]
        if uses_keras:
            found += list(tells_of_history(script, reached))
        yield from (Tell(what, script, line) for line, what in sorted(found))


def _names(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield the full names that an import or an expression uses."""
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (node.module if each.name == "*" else f"{node.module}.{each.name}" for each in node.names)
    elif isinstance(node, ast.Attribute):
        yield script.dotted(node)


def _gone(name: str) -> Iterator[str]:
    """Yield what is gone of a full name."""
    for test in _TESTS:
        what = test(name)
        if what:
            yield what


def _gone_from_keras(name: str) -> str | None:
    rest, alone = _within_keras(name)
    parts = rest.split(".")
    beginnings = [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
    for each in beginnings:
        if each in telltales.MODULES or each in telltales.NAMES or (alone and each in telltales.STANDALONE_NAMES):
            return f"keras.{each}"
    if parts[0] == "backend" and len(parts) > 1 and parts[1] in telltales.GONE_FROM_BACKEND:
        return f"keras.backend.{parts[1]}"
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
    parts = rest.split(".")
    known = telltales.TENSORFLOW_1 & {parts[0], ".".join(parts[:2])}
    return f"tensorflow.{min(known)}" if known else None


def _gone_from_others(name: str) -> str | None:
    parts = name.split(".")
    if parts[0] in telltales.SEPARATE:
        return parts[0]
    if name.startswith("tensorflow.python.keras"):
        return "tensorflow.python.keras"
    if parts[0] == "numpy" and len(parts) > 1 and parts[1] in telltales.NUMPY:
        return f"numpy.{parts[1]}"
    known = telltales.SCIKIT & {".".join(parts[:count]) for count in (2, 3)}
    return min(known) if known else None


_TESTS: tuple[Callable[[str], str | None], ...] = (_gone_from_keras, _gone_from_tensorflow, _gone_from_others)


def _within_keras(name: str) -> tuple[str, bool]:
    """Return what follows `keras.` in a full name, and whether that is the library on its own."""
    for root, alone in _ROOTS.items():
        if name.startswith(root):
            return name.removeprefix(root), alone
    return "", False


def _modules(reached: list[Script]) -> set[str]:
    return {each.top for script in reached for each in script.imports}


def _excused(script: Script) -> set[int]:
    """Return what may fail without harm: it is tried, or it depends on a library's version."""
    found: set[int] = set()
    for node in ast.walk(script.tree):
        if isinstance(node, ast.Try) and any(_catches(script, handler) for handler in node.handlers):
            found |= {id(each) for statement in node.body for each in ast.walk(statement)}
        elif isinstance(node, ast.If) and any(
            isinstance(each, ast.Attribute) and each.attr in ("__version__", "VERSION") for each in ast.walk(node.test)
        ):
            found |= {id(each) for each in ast.walk(node)}
    return found


def _catches(script: Script, handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(script.dotted(each) in _EXCUSES for each in named)
