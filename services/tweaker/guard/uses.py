"""All scripts of a state of the code, without their models, and what a name or key in them decides."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from services.tweaker.guard.canonical import Canonical
from services.tweaker.guard.roles import FIT_SETTINGS, SETTINGS, Own, Roles, own_of
from trainyard_analysis.names import called
from trainyard_analysis.options import read_option
from trainyard_analysis.vocabulary import (
    AS_DICT,
    CONVERSIONS,
    FORMATTING,
    GETTERS,
    OBJECTS,
    RANGES,
    READERS,
    RECORDING,
    SHOWING,
    TRAINING,
)  # fmt: skip

GETS = GETTERS | {"getenv"}
CONVERTS = CONVERSIONS | {"Option", "Argument", "field", "tuple", "list", "open", "Path", "join"}
READS = READERS | {"strip", "open"}
DEEPEST = 12


class Key(NamedTuple):
    """A name, or a key or attribute by its name alone.

    Attributes:
        name: What it is called.
        scope: The function in which it is a name; None for a name of a module and for keys.
    """

    name: str
    scope: ast.AST | None = None


class Tree:
    """A script without its models, whose nodes know what is around them."""

    def __init__(self, source: bytes, own: Own) -> None:
        original = ast.parse(source)
        self.roles = Roles(original, own)
        self.canonical = Canonical(self.roles)
        self.root = self.canonical.visit(original)
        self.original = ast.parse(source)
        self._parents = {id(child): node for node in ast.walk(self.root) for child in ast.iter_child_nodes(node)}

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return the node around this one."""
        return self._parents.get(id(node))

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around this one, from the inside out."""
        current = self.parent(node)
        while current is not None:
            yield current
            current = self.parent(current)

    def holds(self, node: ast.AST) -> bool:
        """Tell whether a node is one of this script's."""
        return id(node) in self._parents

    def scope(self, node: ast.AST) -> ast.AST | None:
        """Return the function around a node."""
        return next((each for each in self.above(node) if isinstance(each, ast.FunctionDef | ast.Lambda)), None)


class Project:
    """The state of the code before an edit."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._trees: dict[str, Tree] = {}

    def tree(self, name: str) -> Tree:
        """Return a script, parsed once."""
        if name not in self._trees:
            self._trees[name] = Tree(self.files[name], self.own)
        return self._trees[name]

    @cached_property
    def own(self) -> Own:
        """The names of the author's own models and functions that train, in all scripts."""
        found = Own()
        for name in self.files:
            if name.endswith(".py"):
                try:
                    each = own_of(ast.parse(self.files[name]))
                except (SyntaxError, ValueError):
                    continue
                found = Own(*(one | other for one, other in zip(found, each, strict=True)))
        return found

    @cached_property
    def trees(self) -> list[Tree]:
        """All scripts that parse."""
        found = []
        for name in sorted(self.files):
            if name.endswith(".py"):
                try:
                    found.append(self.tree(name))
                except (SyntaxError, ValueError):
                    continue
        return found

    def is_harmless(self, key: str, scope: ast.AST | None = None, depth: int = 0) -> bool:
        """Tell whether a name or key decides about nothing but models, their training, and what people are shown."""
        if key in SETTINGS or depth > DEEPEST or self._is_spread(key, depth):
            return False
        return all(self._is_fine(tree, load, depth) for tree, load in self._loads(Key(key, scope)))

    def reads_harmlessly(self, file: str) -> bool:
        """Tell whether a file of one value is read into nothing but harmless names."""
        word = file.rpartition("/")[2]
        for tree in self.trees:
            for node in ast.walk(tree.root):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(word):
                    keys = self.bindings(tree, node)
                    if not keys or not all(self.is_harmless(key.name, key.scope) for key in keys):
                        return False
        return True

    def bindings(self, tree: Tree, node: ast.AST) -> list[Key]:
        """Return the names or keys that a value is put under; none where it is used right there."""
        current, outer = node, tree.parent(node)
        while _goes_through(current, outer):
            current, outer = outer or current, tree.parent(outer or current)
        if isinstance(outer, ast.keyword):
            return self._of_argument(tree, outer, tree.parent(outer))
        if isinstance(outer, ast.Call):
            return self._of_argument(tree, current, outer)
        return [Key(name, None if is_key else tree.scope(current)) for name, is_key in _targets(current, outer)]

    def functions(self, name: str) -> Iterator[ast.FunctionDef | ast.ClassDef]:
        """Yield the author's functions and classes of that name."""
        for tree in self.trees:
            for node in ast.walk(tree.root):
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
                    yield node

    def _of_argument(self, tree: Tree, given: ast.AST, call: ast.AST | None) -> list[Key]:
        """Return what an argument is put under: a parameter of the author's, a field, an option."""
        keyword = given.arg if isinstance(given, ast.keyword) else None
        if not isinstance(call, ast.Call):
            return []
        if called(call) in {"add_argument", "option"} and keyword == "default":
            return [Key(name) for name in sorted(read_option(call).names)]
        if called(call) in GETS | {"field", "Option"} and (keyword is not None or given in call.args[1:]):
            return self.bindings(tree, call)
        found = list(self.functions(called(call)))
        keys = [Key(keyword)] if keyword and (found or called(call) in OBJECTS) else []
        for each in found:
            made = (
                next((part for part in each.body if _is_init(part)), None) if isinstance(each, ast.ClassDef) else each
            )
            if isinstance(made, ast.FunctionDef):
                keys += [Key(name, made) for name in _parameter(made, call, given, bound=made is not each)]
        return keys

    def _loads(self, key: Key) -> Iterator[tuple[Tree, ast.AST]]:
        """Yield where the name or key is read."""
        for tree in self.trees:
            inside = tree.root if key.scope is None else key.scope
            if key.scope is not None and not tree.holds(key.scope):
                continue
            for node in ast.walk(inside):
                if _is_load(node, key):
                    yield tree, node

    def _is_fine(self, tree: Tree, load: ast.AST, depth: int) -> bool:
        """Tell whether a value does no more here than to go on under harmless names, or to be shown."""
        outer = tree.parent(load)
        if isinstance(outer, ast.Call) and outer.func is load:
            return self._is_fine(tree, outer, depth)
        if is_shown(tree, load) or self._is_taken_apart(tree, load) or isinstance(outer, ast.Expr):
            return True
        keys = self.bindings(tree, load)
        if keys:
            return all(self.is_harmless(key.name, key.scope, depth + 1) for key in keys)
        return self._is_ranged(tree, load)

    def _is_ranged(self, tree: Tree, load: ast.AST) -> bool:
        """Tell whether a range made of it is assigned to a name that is only shown."""
        ranged = next((each for each in tree.above(load) if called(each) in RANGES | {"len"}), None)
        keys = self.bindings(tree, ranged) if ranged is not None else []
        loads = [each for key in keys for each in self._loads(key)]
        return bool(keys) and all(is_shown(owner, each) for owner, each in loads)

    def _is_taken_apart(self, tree: Tree, load: ast.AST) -> bool:
        """Tell whether an object is only asked for its parts here, which are looked at by their own names."""
        outer = tree.parent(load)
        if isinstance(load, ast.Name) and isinstance(outer, ast.Subscript) and outer.value is load:
            return isinstance(outer.slice, ast.Constant) and isinstance(outer.slice.value, str)
        if isinstance(outer, ast.Return):
            return True
        return called(outer) in OBJECTS | RECORDING | AS_DICT if outer is not None else False

    def _is_spread(self, key: str, depth: int) -> bool:
        """Tell whether objects are spread over calls where a key of that name may do harm."""
        for tree in self.trees:
            for call in (each for each in ast.walk(tree.root) if isinstance(each, ast.Call)):
                if any(each.arg is None and not isinstance(each.value, ast.Dict) for each in call.keywords):
                    name = called(call)
                    own = [each for each in self.functions(name) if isinstance(each, ast.FunctionDef)]
                    good = name in SHOWING | OBJECTS | RECORDING | AS_DICT or (name in TRAINING and key in FIT_SETTINGS)
                    if not good and not (own and all(self._takes_well(each, key, depth) for each in own)):
                        return True
        return False

    def _takes_well(self, function: ast.FunctionDef, key: str, depth: int) -> bool:
        """Tell whether a function of the author's that may be given the key has only harmless uses of it."""
        names = {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
        return function.args.kwarg is None and (key not in names or self._harmless_in(function, key, depth))

    def _harmless_in(self, function: ast.FunctionDef, key: str, depth: int) -> bool:
        loads = self._loads(Key(key, function))
        return depth <= DEEPEST and all(self._is_fine(tree, load, depth + 1) for tree, load in loads)


def is_shown(tree: Tree, load: ast.AST) -> bool:
    """Tell whether a value is shown to people as it is; one that another is worked out with is not."""
    current = load
    for outer in tree.above(load):
        if called(outer) in SHOWING:
            return True
        if isinstance(outer, ast.BinOp) and not _is_text_beside(outer, current):
            return False
        passes = isinstance(
            outer, ast.BinOp | ast.FormattedValue | ast.JoinedStr | ast.Tuple | ast.keyword | ast.Attribute
        )
        if not passes and called(outer) not in FORMATTING:
            return False
        current = outer
    return False


def _is_text_beside(node: ast.BinOp, part: ast.AST) -> bool:
    """Tell whether a value is put into a text, or only counted from one."""
    other = node.right if part is node.left else node.left
    if isinstance(node.op, ast.Mod):
        return isinstance(node.left, ast.Constant | ast.JoinedStr) and part is node.right
    constants = [each for each in ast.walk(other) if isinstance(each, ast.Constant)]
    text = any(isinstance(each.value, str) for each in constants)
    return isinstance(node.op, ast.Add | ast.Sub) and (text or isinstance(other, ast.Constant))


def _goes_through(node: ast.AST, outer: ast.AST | None) -> bool:
    """Tell whether the value of what is around a node is the node's, converted at most."""
    if isinstance(outer, ast.Call):
        return called(outer) in READS if node is outer.func else called(outer) in CONVERTS and node in outer.args
    if isinstance(outer, ast.Attribute):
        return outer.attr in READS
    if isinstance(outer, ast.keyword):
        return False
    if isinstance(outer, ast.IfExp):
        return node is not outer.test
    return isinstance(outer, ast.UnaryOp | ast.List | ast.Tuple | ast.BoolOp) and not isinstance(
        getattr(outer, "ctx", None), ast.Store
    )


def _targets(value: ast.AST, outer: ast.AST | None) -> Iterator[tuple[str, bool]]:
    """Yield what a value is assigned to, and whether that is a key or an attribute."""
    if isinstance(outer, ast.Assign | ast.AnnAssign) and outer.value is value:
        targets = outer.targets if isinstance(outer, ast.Assign) else [outer.target]
        for target in (part for each in targets for part in _parts(each)):
            if isinstance(target, ast.Name):
                yield target.id, False
            elif isinstance(target, ast.Attribute):
                yield target.attr, True
            elif isinstance(target, ast.Subscript):
                yield str(_constant(target.slice)), True
    if isinstance(outer, ast.withitem) and isinstance(outer.optional_vars, ast.Name):
        yield outer.optional_vars.id, False
    if isinstance(outer, ast.Dict) and value in outer.values:
        yield str(_constant(outer.keys[outer.values.index(value)])), True
    if isinstance(outer, ast.arguments):
        yield from ((name, False) for name in _default_of(outer, value))


def _parts(target: ast.expr) -> list[ast.expr]:
    return target.elts if isinstance(target, ast.Tuple | ast.List) else [target]


def _default_of(arguments: ast.arguments, value: ast.AST) -> Iterator[str]:
    """Yield the parameter whose default a value is."""
    plain = [*arguments.posonlyargs, *arguments.args]
    late = plain[len(plain) - len(arguments.defaults) :]
    pairs = [
        *zip(late, arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    yield from (param.arg for param, default in pairs if default is value)


def _parameter(function: ast.FunctionDef, call: ast.Call, given: ast.AST, *, bound: bool) -> Iterator[str]:
    """Yield the parameter that an argument is for."""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    bound = bound or names[:1] == ["self"]
    if isinstance(given, ast.keyword):
        yield given.arg or ""
    elif given in call.args and call.args.index(given) < len(names) - bound:
        yield names[call.args.index(given) + bound]


def _is_init(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__"


def _constant(node: ast.AST | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _is_load(node: ast.AST, key: Key) -> bool:
    """Tell whether a node reads a name or key."""
    if isinstance(node, ast.Name):
        return node.id == key.name and isinstance(node.ctx, ast.Load)
    if key.scope is not None:
        return False
    if isinstance(node, ast.Attribute):
        return node.attr == key.name and isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Subscript):
        return _constant(node.slice) == key.name and isinstance(node.ctx, ast.Load)
    return called(node) in GETS and key.name in [_constant(each) for each in getattr(node, "args", [])]
