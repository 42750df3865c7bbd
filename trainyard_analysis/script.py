"""One Python file or notebook: its syntax tree, and the imports, names and strings in it."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from trainprobe.notebook_code import as_python, place_of, source_of
from trainyard_analysis.imports import Import, aliases_in, imports_in
from trainyard_analysis.names import dotted

SUFFIXES = (".py", ".ipynb")
"""How the names of files end that can be run."""

LONGEST = 256
"""Characters of a string that may still name a file."""

_IMPORT_LINE = re.compile(r"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a file cannot be read as Python, and at which of its lines."""

    message: str
    line: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Script:
    """What was read from one file.

    Attributes:
        path: Relative to the bundle's root.
        imports: In the order of the file.
        names: Every identifier in it.
        strings: Every short string constant in it.
        broken: Set when it does not parse; imports and names then come from its text.
        tree: Its syntax tree; empty where it does not parse.
        nodes: All nodes of that tree, the outer ones first.
        aliases: What its imported names stand for, in full.
        book: The notebook that it was read from; nothing for a script.
    """

    path: str
    imports: tuple[Import, ...]
    names: frozenset[str]
    strings: frozenset[str]
    broken: Broken | None = None
    tree: ast.Module = field(default_factory=lambda: ast.Module([], []))
    nodes: tuple[ast.AST, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    book: bytes | None = None

    @property
    def is_notebook(self) -> bool:
        """Whether it is run cell by cell."""
        return self.path.endswith(".ipynb")

    @property
    def modules(self) -> frozenset[str]:
        """The top-level modules that it imports."""
        return frozenset(each.top for each in self.imports if not each.level)

    def place(self, line: int | None) -> str:
        """Return where a line is, as a person finds it: a notebook's lines are counted by cell."""
        if line is None:
            return self.path
        if self.book is None:
            return f"{self.path}, line {line}"
        cell, within = place_of(self.book, line)
        return f"{self.path}, cell {cell}, line {within}"

    def line(self, line: int | None) -> int | None:
        """Return *line* where an editor can jump to it: a notebook has no such lines."""
        return None if self.is_notebook else line

    def dotted(self, node: ast.AST) -> str:
        """Return the full name that an expression such as `np.random.seed` stands for; "" where it is none."""
        root, dot, rest = dotted(node).partition(".")
        return f"{self.aliases.get(root, root)}{dot}{rest}"

    def called(self, call: ast.Call) -> str:
        """Return the last part of the full name of what is called."""
        return self.dotted(call.func).rpartition(".")[2] or getattr(call.func, "attr", "")

    def full_names(self, node: ast.AST) -> list[str]:
        """Return the full names that an import or an attribute stands for; nothing for a relative import."""
        match node:
            case ast.Import():
                return [each.name for each in node.names]
            case ast.ImportFrom(module=str(module), level=0):
                return [module if each.name == "*" else f"{module}.{each.name}" for each in node.names]
            case ast.Attribute():
                return [self.dotted(node)]
        return []


def read_script(path: str, content: bytes) -> Script:
    """Read one file; one that does not parse is read as text as far as that goes."""
    book = content if path.endswith(".ipynb") else None
    try:
        code = _python_in(content) if book is None else source_of(content).encode()
    except (ValueError, TypeError, AttributeError) as error:  # JSON may hold anything where cells should be
        return Script(path, (), frozenset(), frozenset(), Broken(str(error), None))
    tree = _parsed(code)
    if isinstance(tree, Broken):
        return _read_text(path, code, tree, book)
    nodes = tuple(ast.walk(tree))
    names, strings = (frozenset(chain.from_iterable(map(of, nodes))) for of in (identifiers, _short_strings))
    return Script(path, tuple(imports_in(tree)), names, strings, None, tree, nodes, aliases_in(nodes), book)


def _python_in(content: bytes) -> bytes:
    """Return a script's code, with the commands of IPython made into Python where it would not parse otherwise."""
    return as_python(content) if isinstance(_parsed(content), Broken) else content


def _parsed(code: bytes) -> ast.Module | Broken:
    try:
        with warnings.catch_warnings():  # an odd escape in a string is the author's business
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except SyntaxError as error:
        return Broken(error.msg or "invalid syntax", error.lineno)
    except (ValueError, RecursionError, MemoryError) as error:
        return Broken(str(error) or "nested too deeply", None)


def _read_text(path: str, content: bytes, broken: Broken, book: bytes | None) -> Script:
    """Read what the text of a file that is not valid Python tells."""
    text = content.decode("utf-8", "replace")
    found = tuple(
        Import(match[1], (), 0, text.count("\n", 0, match.start()) + 1, required=True)
        for match in _IMPORT_LINE.finditer(text)
    )
    return Script(path, found, frozenset(re.findall(r"[A-Za-z_]\w*", text)), frozenset(), broken, book=book)


def identifiers(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node uses."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.alias):
        yield from node.name.split(".")


def _short_strings(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and 0 < len(node.value) <= LONGEST:
        yield node.value
