"""Which libraries a script needs in an older version, and the signs of it."""

import ast
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate

from services.trainer.inspection.compat import telltales
from services.trainer.inspection.compat.old_calls import OldCalls
from services.trainer.inspection.plan import Note, listed
from trainyard.policy import FILE
from trainyard_analysis.imports import IMPORT_ERRORS, catches
from trainyard_analysis.script import Script

_Reader = Callable[[ast.AST], Iterator[str]]

_LIBRARIES = {
    "keras": ("Keras", {"keras", "tensorflow"} | telltales.SEPARATE),
    "numpy": ("NumPy", {"numpy"}),
    "pandas": ("pandas", {"pandas"}),
    "sklearn": ("scikit-learn", {"sklearn"}),
}
"""What the probe serves in an older version: what it is called, and the modules that ask for it."""

_ROOTS = ("keras", "tensorflow.keras", "tensorflow.python.keras")
_WITHIN_TENSORFLOW = re.compile(r"^tensorflow\.(python\.)?keras\.")

_MODERN = {f"{root}.{name}" for root in _ROOTS for name in telltales.MODERN}
_GONE = (
    {f"{root}.{name}" for root in _ROOTS for name in telltales.NAMES}
    | {f"keras.{name}" for name in telltales.STANDALONE_NAMES}
    | {f"tensorflow.{name}" for name in telltales.TENSORFLOW_1}
    | telltales.OTHERS
)
_PRIVATE = {"tensorflow.python.keras"}

_EXCUSES = IMPORT_ERRORS | {"AttributeError"}
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Sign:
    """What shows the version of a library, wherever it is."""

    what: str
    script: Script = field(compare=False)
    line: int = field(compare=False)

    def __str__(self) -> str:
        return f"{self.what} ({self.script.place(self.line)})"


@dataclass(frozen=True, slots=True)
class Compat:
    """The libraries that scripts need with their older names and behaviour, and why.

    Attributes:
        older: Those that nothing shows the version of: what is tried if today's refuse the script.
    """

    needed: tuple[str, ...]
    notes: list[Note]
    older: tuple[str, ...] = ()


def find_compat(reached: list[Script], wanted: int | None) -> Compat:
    """Find out which libraries the scripts need in an older version; what the author *wanted* of Keras decides."""
    modules = frozenset().union(*(script.modules for script in reached))
    used = _served(modules)
    if wanted is not None:
        older = _served(modules | {"keras"}) if wanted == 2 else ()  # noqa: PLR2004
        return Compat(older, [Note("keras", f"gets Keras {wanted}, since {FILE} says so")])
    if modern := next(_modern(reached), None):
        return Compat((), [Note("keras", f"gets Keras 3, which has {modern}")])
    if signs := _signs(reached, modules):
        uses = listed(list(map(str, dict.fromkeys(signs))), _MOST_NAMED)
        why = f"gets the older API of {_called(used)}, since it uses {uses}"
        return Compat(used, [Note("keras" if "keras" in used else "compat", why)])
    why = "gets Keras 3, since it uses nothing that Keras 3 lacks"
    return Compat((), [Note("keras", why)] if "keras" in used else [], used)


def _served(modules: frozenset[str]) -> tuple[str, ...]:
    """Return the libraries, of those that the probe serves in an older version, that these modules are of."""
    return tuple(library for library, (_, names) in _LIBRARIES.items() if modules & names)


def _called(libraries: tuple[str, ...]) -> str:
    *first, last = (_LIBRARIES[library][0] for library in libraries)
    return f"{', '.join(first)} and {last}" if first else last


def _modern(reached: list[Script]) -> Iterator[Sign]:
    for script, node in ((each, node) for each in reached for node in each.nodes):
        for name in script.full_names(node):
            if _outermost(name, _MODERN):
                yield Sign(_WITHIN_TENSORFLOW.sub("keras.", name), script, getattr(node, "lineno", 1))


def _signs(reached: list[Script], modules: frozenset[str]) -> list[Sign]:
    """Return what scripts say that only older libraries understand, in the order of their lines."""
    return [
        Sign(what, script, line)
        for script in reached
        for line, what in sorted(_old_lines(script, list(_readers(script, reached, modules))))
    ]


def _old_lines(script: Script, readers: list[_Reader]) -> Iterator[tuple[int, str]]:
    excused = _excused(script)
    for node in (each for each in script.nodes if id(each) not in excused):
        yield from ((getattr(node, "lineno", 1), what) for read in readers for what in read(node))


def _readers(script: Script, reached: list[Script], modules: frozenset[str]) -> Iterator[_Reader]:
    """Yield what looks for signs in a node, by the libraries that are used."""
    if _served(modules):
        yield partial(_gone, script)
    if {"keras", "tensorflow"} & modules:
        yield OldCalls(script, reached).in_node
    if "pandas" in modules:
        yield _of_frames
    if "keras" in modules:
        yield _of_python_2


def _of_frames(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Attribute) and node.attr in telltales.PANDAS:
        yield f".{node.attr}"


def _of_python_2(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
        yield from (f"{each.name} of Python 2" for each in node.names if each.name in telltales.PYTHON_2)


def _gone(script: Script, node: ast.AST) -> Iterator[str]:
    """Yield what is gone of the full names in a node."""
    for name in script.full_names(node):
        if what := _beyond_kept(name) or _outermost(name, _GONE) or _outermost(name, _PRIVATE):
            yield _WITHIN_TENSORFLOW.sub("keras.", what)


def _outermost(name: str, names: Collection[str]) -> str:
    """Return the outermost beginning of a dotted name that is one of *names*, "" where none is."""
    return next((each for each in accumulate(name.split("."), "{}.{}".format) if each in names), "")


def _beyond_kept(name: str) -> str:
    """Return what a name uses of a module of Keras beyond the little that is left of it."""
    module = next((each for each in telltales.KEPT if name.startswith(f"keras.{each}.")), "")
    part = name.removeprefix(f"keras.{module}.").partition(".")[0]
    is_left = not module or part in telltales.KEPT[module] or part.startswith("_")
    return "" if is_left else f"keras.{module}.{part}"


def _excused(script: Script) -> set[int]:
    """Return what may fail without harm: it is tried, or it depends on a library's version."""
    parts = (part for node in script.nodes for part in _excused_parts(node))
    return {id(each) for part in parts for each in ast.walk(part)}


def _excused_parts(node: ast.AST) -> Sequence[ast.stmt]:
    if isinstance(node, ast.Try) and any(catches(each, _EXCUSES) for each in node.handlers):
        return node.body
    return [node] if isinstance(node, ast.If) and _asks_for_version(node.test) else []


def _asks_for_version(test: ast.expr) -> bool:
    attributes = (each.attr for each in ast.walk(test) if isinstance(each, ast.Attribute))
    return any(attribute in ("__version__", "VERSION") for attribute in attributes)
