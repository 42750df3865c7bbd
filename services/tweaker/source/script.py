"""One script of an author, parsed, with its names resolved."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple, TypeVar

import libcst as cst
from libcst import metadata

from services.tweaker.source.errors import NotUnderstoodError
from trainyard_analysis.options import Option, read_option

Body = cst.Module | cst.IndentedBlock
Node = TypeVar("Node", bound=cst.CSTNode)
Literal = cst.Integer | cst.Float | cst.SimpleString
Conversion = type[int | float | str]
LONG_CODE = 60


class Counted(NamedTuple):
    """The model whose measurement counts: its class ("" where it is not known) and the lines by which it was fitted."""

    model: str = ""
    lines: tuple[int, ...] = ()


class Script:
    """A parsed script; nodes that its methods return belong to `module` and are told apart by identity.

    Attributes:
        name: Its path below the code's root.
        files: All files of the code, by their paths.
        counted: The model that was measured, and the script's lines, the innermost first, that fitted or measured it.
        file_literals: Nodes that stand for values in other files, by their places and what they are converted to:
            replacing one changes the file.
    """

    def __init__(
        self,
        source: bytes,
        name: str = "main.py",
        files: Mapping[str, bytes] | None = None,
        counted: Counted = Counted(),  # noqa: B008 - it cannot be changed
    ) -> None:
        self.name = name
        self.counted = counted
        self.files = {name: source} if files is None else files
        self.file_literals: dict[tuple[InFile, Conversion | None], Literal] = {}
        self._family: dict[str, Script] = {name: self}
        try:
            parsed = cst.parse_module(source)
        except (cst.ParserSyntaxError, SyntaxError, UnicodeDecodeError, LookupError) as error:
            raise NotUnderstoodError("the script does not parse") from error
        if parsed.bytes != source:
            raise NotUnderstoodError("the script's encoding would be lost when it is written back")
        self._wrapper = metadata.MetadataWrapper(parsed, unsafe_skip_copy=True)
        self.module = self._wrapper.module

    def sibling(self, name: str) -> Script:
        """Return another script of the same code, parsed once for all of them."""
        if name not in self._family:
            other = Script(self.files[name], name, self.files)
            other._family, other.file_literals = self._family, self.file_literals
            self._family[name] = other
        return self._family[name]

    def siblings(self) -> tuple[Script, ...]:
        """Return the scripts parsed so far, this one first."""
        return (self, *(each for each in self._family.values() if each is not self))

    def mentioning(self, word: str) -> Iterator[Script]:
        """Yield the scripts of the code in whose source a word stands, this one first; those that parse."""
        for name in (self.name, *sorted(set(self.files) - {self.name})):
            if name.endswith(".py") and word.encode() in self.files[name]:
                try:
                    yield self.sibling(name)
                except NotUnderstoodError:
                    continue

    @cached_property
    def _parents(self) -> Mapping[cst.CSTNode, cst.CSTNode]:
        return self._wrapper.resolve(metadata.ParentNodeProvider)

    @cached_property
    def calls(self) -> Sequence[cst.Call]:
        """All calls, in the order of the source."""
        return sorted(self.nodes(cst.Call), key=self.place)

    def nodes(self, kind: type[Node]) -> Iterator[Node]:
        """Yield the nodes of a kind; the tree is gone through once for all kinds."""
        yield from (node for node in self._by_kind.get(kind, ()) if isinstance(node, kind))

    @property
    def imports(self) -> Sequence[cst.Import | cst.ImportFrom]:
        """All imports."""
        return [*self.nodes(cst.Import), *self.nodes(cst.ImportFrom)]

    @cached_property
    def _by_kind(self) -> Mapping[type[cst.CSTNode], Sequence[cst.CSTNode]]:
        found: dict[type[cst.CSTNode], list[cst.CSTNode]] = {}
        for node in self._parents:
            found.setdefault(type(node), []).append(node)
        return found

    def place(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return where the node ends; of two calls in a chain the earlier one ends first."""
        end = self._wrapper.resolve(metadata.PositionProvider)[node].end
        return end.line, end.column

    def line(self, node: cst.CSTNode) -> int:
        """Return the line on which the node starts, counted from 1."""
        return self._wrapper.resolve(metadata.PositionProvider)[node].start.line

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return the node around this one; None for the module."""
        return self._parents.get(node)

    def above(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield the nodes around this one, from the inside out."""
        current = self.parent(node)
        while current is not None:
            yield current
            current = self.parent(current)

    def nearest(self, node: cst.CSTNode, kind: type[Node]) -> Node | None:
        """Return the innermost node of a kind around this one."""
        return next((outer for outer in self.above(node) if isinstance(outer, kind)), None)

    def as_argument(self, node: cst.CSTNode) -> tuple[cst.Arg | None, cst.Call | None]:
        """Return the argument that a node is, and its call; None for both where it is none."""
        arg = self.parent(node)
        call = self.parent(arg) if isinstance(arg, cst.Arg) else None
        return (arg, call) if isinstance(arg, cst.Arg) and isinstance(call, cst.Call) else (None, None)

    def statement(self, node: cst.CSTNode) -> cst.SimpleStatementLine:
        """Return the line of simple statements that holds the node."""
        for outer in self.above(node):
            if isinstance(outer, cst.SimpleStatementLine):
                return outer
            if isinstance(outer, cst.BaseCompoundStatement):
                break
        raise NotUnderstoodError(f"line {self.line(node)} is not a plain statement")

    def block(self, node: cst.CSTNode) -> Body:
        """Return the body that holds the node's statement."""
        return next(outer for outer in self.above(node) if isinstance(outer, cst.Module | cst.IndentedBlock))

    def scope(self, node: cst.CSTNode) -> metadata.Scope:
        """Return the scope in which the node's names are looked up."""
        scopes = self._wrapper.resolve(metadata.ScopeProvider)
        found = next((scope for each in (node, *self.above(node)) if (scope := scopes.get(each)) is not None), None)
        if found is None:
            raise NotUnderstoodError(f"the scope of line {self.line(node)} is not known")
        return found

    def names(self, node: cst.CSTNode) -> frozenset[str]:
        """Return the full dotted names that the node may stand for, through imports and assignments."""
        scope = self._wrapper.resolve(metadata.ScopeProvider).get(node)
        qualified = {name.name for name in scope.get_qualified_names_for(node)} if scope else set()
        if not qualified and isinstance(node, cst.Name):
            qualified = {f"{package}.{node.value}" for package in self.starred}
        return frozenset(qualified)

    @cached_property
    def starred(self) -> tuple[str, ...]:
        """The packages of which everything is imported (`from keras.layers import *`)."""
        starred = [node for node in self.nodes(cst.ImportFrom) if isinstance(node.names, cst.ImportStar)]
        return tuple(dotted(node.module) for node in starred if node.module is not None)

    def is_called(self, call: cst.Call, pattern: re.Pattern[str]) -> str | None:
        """Return the last part of what the call calls, if one of its full names matches the whole *pattern*."""
        matching = filter(pattern.fullmatch, sorted(self.names(call.func)))
        return next((name.rpartition(".")[2] for name in matching), None)

    def option(self, call: cst.Call) -> Option:
        """Return the option of the command line that a call declares."""
        nodes = ast.walk(ast.parse(f"(\n{self.code(call)}\n)"))
        return read_option(next(node for node in nodes if isinstance(node, ast.Call)))

    def code(self, node: cst.CSTNode) -> str:
        """Return the source text of a node."""
        return self.module.code_for_node(node)


@dataclass(frozen=True)
class At:
    """A node in one of the scripts: an expression, a class, or a whole module."""

    script: Script
    node: cst.CSTNode

    def to(self, node: cst.CSTNode) -> At:
        """Return another node of the same script."""
        return At(self.script, node)

    def __str__(self) -> str:
        """Return the code, shortened, and its line."""
        code = " ".join(self.script.code(self.node).split())
        return f"{code if len(code) < LONG_CODE else code[:LONG_CODE] + '…'} in line {self.script.line(self.node)}"


@dataclass(frozen=True)
class InFile:
    """A place in a file of a format of `formats.FORMATS`: the keys that lead there, whichever script reads it."""

    script: Script = field(compare=False)
    file: str
    kind: str
    path: tuple[str | int, ...] = ()

    @property
    def content(self) -> bytes:
        """All of the file."""
        return self.script.files[self.file]

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.path))} in {self.file}"

    def inner(self, key: str | int) -> InFile:
        """Return the place under a key of this one."""
        return replace(self, path=(*self.path, key))


Spot = At | InFile


@dataclass(frozen=True)
class Var:
    """A name in a scope; *whole* where it stands for an object of which the value is a part."""

    script: Script
    name: str
    scope: metadata.Scope
    whole: bool = False


@dataclass(frozen=True)
class Key:
    """A key, an attribute or an option, by its name alone: wherever it is read, it may be this one."""

    script: Script
    name: str
    whole: bool = False


Binding = Var | Key


@dataclass(frozen=True)
class Step:
    """Where a value is found next, through which names and keys, and what it is converted to on the way."""

    to: Spot
    through: tuple[Binding, ...] = ()
    conversion: Conversion | None = None

    def after(self, *earlier: Binding) -> Step:
        """Return this step with the names and keys that lead to where it begins."""
        return replace(self, through=(*earlier, *self.through))


Follow = Callable[[At], Step]
"""Follows an expression to its end: a literal, an object, a file."""

NextStep = Callable[[At], Step | None]
"""Follows an expression by one step; None at its end."""


def dotted(node: cst.BaseExpression) -> str:
    """Return `a.b.c` for the expression of that form, else an empty text."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr.value}" if inner else ""
    return ""


def called(node: cst.CSTNode | None) -> str:
    """Return the last part of the name that a call calls; "" for other nodes and for what has no name."""
    return last_name(node.func) if isinstance(node, cst.Call) else ""


def last_name(node: cst.BaseExpression) -> str:
    """Return `c` for `a.b.c`, whatever `a` is; "" for what is no name."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def aliases(node: cst.Import | cst.ImportFrom) -> Sequence[cst.ImportAlias]:
    """Return the names that an import lists; none for `import *`."""
    return () if isinstance(node.names, cst.ImportStar) else node.names


def known_as(alias: cst.ImportAlias) -> str:
    """Return the name that an import binds."""
    return alias.evaluated_alias or alias.evaluated_name.partition(".")[0]


def receiver(call: cst.Call) -> cst.BaseExpression | None:
    """Return the expression whose method a call calls, or whose function where that is a module's."""
    return call.func.value if isinstance(call.func, cst.Attribute) else None


def argument(call: cst.Call, *names: str, position: int | None = None) -> cst.BaseExpression | None:
    """Return the argument given by one of the keywords *names*, or at that position (from 0)."""
    named = [arg.value for arg in call.args if arg.keyword is not None and arg.keyword.value in names]
    plain = [arg.value for arg in takewhile(lambda arg: arg.keyword is None and not arg.star, call.args)]
    at_position = plain[position : position + 1] if position is not None else []
    return next(iter(named + at_position), None)
