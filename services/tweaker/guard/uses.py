"""All scripts of a state of the code, without their models, and what a name or key in them decides."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import NamedTuple

from services.tweaker.guard.canonical import Canonical
from services.tweaker.guard.roles import FIT_SETTINGS, SETTINGS, Own, Roles, own_of
from trainyard_analysis import vocabulary as words
from trainyard_analysis.names import called, nodes_in
from trainyard_analysis.options import read_option

_GETS = words.GETTERS | {"getenv"}
_CONVERTS = words.CONVERSIONS | {"Option", "Argument", "field", "tuple", "list", "open", "Path", "join"}
_READS = words.READERS | {"strip", "open"}
_FORMATTED = ast.BinOp | ast.FormattedValue | ast.JoinedStr | ast.Tuple | ast.keyword | ast.Attribute
"""What may stand between a value and the call that shows it, besides calls."""
_DEEPEST = 12


class Key(NamedTuple):
    """A name in a function, the scope; a name of a module, or a key or attribute by its name alone, has none."""

    name: str
    scope: ast.AST | None = None


class Tree:
    """A script without its models, whose nodes know what is around them."""

    def __init__(self, source: bytes, own: Own, renamed: Mapping[str, str] | None = None) -> None:
        """Parse a script; variables that were only *renamed* get the names back that they had."""
        self.original, parsed = (_with_names(ast.parse(source), renamed or {}) for _ in range(2))
        self.canonical = Canonical(Roles(self.original, own))
        self.root = self.canonical.visit(parsed)
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
        """Return whether a node is one of this script's."""
        return id(node) in self._parents

    def scope(self, node: ast.AST) -> ast.AST | None:
        """Return the function around a node."""
        return next((each for each in self.above(node) if isinstance(each, ast.FunctionDef | ast.Lambda)), None)


class Baseline:
    """The state of the code before an edit."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self._trees: dict[str, Tree] = {}
        self._followed: set[Key] = set()

    def tree(self, name: str) -> Tree:
        """Return a script, parsed once."""
        if name not in self._trees:
            self._trees[name] = Tree(self.files[name], self.own)
        return self._trees[name]

    @cached_property
    def own(self) -> Own:
        """The names of the author's own models and functions that train, in all scripts."""
        found = map(own_of, self._parsed.values())
        return Own(*(frozenset[str]().union(*parts) for parts in zip(Own(), *found, strict=True)))

    @property
    def trees(self) -> list[Tree]:
        """All scripts that parse."""
        return list(map(self.tree, self._parsed))

    @cached_property
    def _parsed(self) -> dict[str, ast.Module]:
        found = {}
        for name in sorted(each for each in self.files if each.endswith(".py")):
            with suppress(SyntaxError, ValueError):
                found[name] = ast.parse(self.files[name])
        return found

    def are_harmless(self, keys: Sequence[Key]) -> bool:
        """Return whether there are keys, and each decides about nothing but models, training, and what people see."""
        return bool(keys) and all(self._is_harmless(key) for key in keys)

    def reads_harmlessly(self, file: str) -> bool:
        """Return whether a file of one value is read into nothing but harmless names."""
        word = file.rpartition("/")[2]
        constants = ((tree, node) for tree in self.trees for node in nodes_in(tree.root, ast.Constant))
        places = ((tree, node) for tree, node in constants if isinstance(node.value, str) and node.value.endswith(word))
        return all(self.are_harmless(self.bindings(tree, node)) for tree, node in places)

    def bindings(self, tree: Tree, node: ast.AST) -> list[Key]:
        """Return the names or keys that a value is put under; none where it is used right there."""
        outer = tree.parent(node)
        while outer is not None and _passes(node, outer):
            node, outer = outer, tree.parent(outer)
        if isinstance(outer, ast.keyword):
            node, outer = outer, tree.parent(outer)
        if isinstance(outer, ast.Call):
            return self._of_argument(tree, node, outer)
        return _assigned(node, outer, tree.scope(node))

    def _is_harmless(self, key: Key, depth: int = 0) -> bool:
        """Return whether a key decides about nothing else; one that leads back to itself adds no further use."""
        if key in self._followed:
            return True
        if key.name in SETTINGS or depth > _DEEPEST or self._is_spread(key.name, depth):
            return False
        self._followed.add(key)
        is_harmless = all(self._is_fine(tree, load, depth) for tree, load in self._loads(key))
        self._followed.remove(key)
        return is_harmless

    def _definitions(self, name: str) -> Iterator[ast.FunctionDef | ast.ClassDef]:
        for tree in self.trees:
            for node in ast.walk(tree.root):
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
                    yield node

    def _of_argument(self, tree: Tree, given: ast.AST, call: ast.Call) -> list[Key]:
        """Return what an argument is put under: a parameter of the author's, a field, an option."""
        name, keyword = called(call), given.arg if isinstance(given, ast.keyword) else None
        if name in {"add_argument", "option"} and keyword == "default":
            return [Key(each) for each in sorted(read_option(call).names)]
        if name in _GETS | {"field", "Option"} and (keyword is not None or given in call.args[1:]):
            return self.bindings(tree, call)
        definitions = list(self._definitions(name))
        return _fields(definitions, call, keyword) + _parameters(definitions, call, given)

    def _loads(self, key: Key) -> Iterator[tuple[Tree, ast.AST]]:
        for tree in self.trees:
            if key.scope is None or tree.holds(key.scope):
                yield from ((tree, node) for node in ast.walk(key.scope or tree.root) if _is_load(node, key))

    def _is_fine(self, tree: Tree, load: ast.AST, depth: int) -> bool:
        """Return whether a value does no more here than to go on under harmless names, or to be shown."""
        outer = tree.parent(load)
        if isinstance(outer, ast.Call) and outer.func is load:
            return self._is_fine(tree, outer, depth)
        if _is_shown(tree, load) or _is_taken_apart(load, outer) or isinstance(outer, ast.Expr):
            return True
        keys = self.bindings(tree, load)
        if keys:
            return all(self._is_harmless(key, depth + 1) for key in keys)
        return self._is_shown_range(tree, load)

    def _is_shown_range(self, tree: Tree, load: ast.AST) -> bool:
        """Return whether a range made of it is assigned to a name that is only shown."""
        ranged = next((each for each in tree.above(load) if called(each) in words.RANGES | {"len"}), None)
        keys = self.bindings(tree, ranged) if ranged is not None else []
        return bool(keys) and all(_is_shown(owner, each) for key in keys for owner, each in self._loads(key))

    def _is_spread(self, key: str, depth: int) -> bool:
        """Return whether objects are spread over calls where a key of that name may do harm."""
        calls = (each for tree in self.trees for each in nodes_in(tree.root, ast.Call))
        return not all(self._takes_well(call, key, depth) for call in calls if _spreads(call))

    def _takes_well(self, call: ast.Call, key: str, depth: int) -> bool:
        """Return whether a call that may be given the key has only harmless uses of it."""
        name = called(call)
        harmless = words.SHOWING | words.OBJECTS | words.RECORDING | words.AS_DICT
        if name in harmless or (name in words.TRAINING and key in FIT_SETTINGS):
            return True
        own = [each for each in self._definitions(name) if isinstance(each, ast.FunctionDef)]
        return bool(own) and all(self._is_harmless_in(each, key, depth) for each in own)

    def _is_harmless_in(self, function: ast.FunctionDef, key: str, depth: int) -> bool:
        if function.args.kwarg is not None:
            return False
        if key not in {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}:
            return True
        loads = self._loads(Key(key, function))
        return depth <= _DEEPEST and all(self._is_fine(tree, load, depth + 1) for tree, load in loads)


def _with_names(tree: ast.Module, names: Mapping[str, str]) -> ast.Module:
    for node in nodes_in(tree, ast.Name):
        node.id = names.get(node.id, node.id)
    return tree


def _spreads(call: ast.Call) -> bool:
    return any(each.arg is None and not isinstance(each.value, ast.Dict) for each in call.keywords)


def _is_shown(tree: Tree, load: ast.AST) -> bool:
    """Return whether a value is shown to people as it is; one that another is computed with is not."""
    current = load
    for outer in tree.above(load):
        if called(outer) in words.SHOWING:
            return True
        if isinstance(outer, ast.BinOp) and not _is_text_beside(outer, current):
            return False
        if not isinstance(outer, _FORMATTED) and called(outer) not in words.FORMATTING:
            return False
        current = outer
    return False


def _is_text_beside(node: ast.BinOp, part: ast.AST) -> bool:
    """Return whether a value is put into a text, or only counted from one."""
    if isinstance(node.op, ast.Mod):
        return isinstance(node.left, ast.Constant | ast.JoinedStr) and part is node.right
    other = node.right if part is node.left else node.left
    text = any(isinstance(each.value, str) for each in nodes_in(other, ast.Constant))
    return isinstance(node.op, ast.Add | ast.Sub) and (text or isinstance(other, ast.Constant))


def _is_taken_apart(load: ast.AST, outer: ast.AST | None) -> bool:
    """Return whether an object is only asked for its parts here, which are looked at by their own names."""
    if isinstance(load, ast.Name) and isinstance(outer, ast.Subscript) and outer.value is load:
        return isinstance(_constant(outer.slice), str)
    return isinstance(outer, ast.Return) or called(outer) in words.OBJECTS | words.RECORDING | words.AS_DICT


def _passes(node: ast.AST, outer: ast.AST) -> bool:
    """Return whether the value of what is around a node is the node's, converted at most."""
    if isinstance(outer, ast.Call):
        return called(outer) in _READS if node is outer.func else called(outer) in _CONVERTS and node in outer.args
    if isinstance(outer, ast.Attribute):
        return outer.attr in _READS
    if isinstance(outer, ast.IfExp):
        return node is not outer.test
    is_display = isinstance(outer, ast.List | ast.Tuple) and not isinstance(outer.ctx, ast.Store)
    return is_display or isinstance(outer, ast.UnaryOp | ast.BoolOp)


def _assigned(value: ast.AST, outer: ast.AST | None, scope: ast.AST | None) -> list[Key]:
    """Return the names, keys and attributes that a value is assigned to."""
    if isinstance(outer, ast.Dict) and value in outer.values:
        return [Key(str(_constant(outer.keys[outer.values.index(value)])))]
    if isinstance(outer, ast.arguments):
        return [Key(name, scope) for name in _with_default(outer, value)]
    return [key for target in _targets(value, outer) for key in _key(target, scope)]


def _targets(value: ast.AST, outer: ast.AST | None) -> Sequence[ast.AST | None]:
    if isinstance(outer, ast.withitem):
        return [outer.optional_vars]
    if not isinstance(outer, ast.Assign | ast.AnnAssign) or outer.value is not value:
        return []
    targets = outer.targets if isinstance(outer, ast.Assign) else [outer.target]
    return [part for each in targets for part in getattr(each, "elts", [each])]


def _key(target: ast.AST | None, scope: ast.AST | None) -> list[Key]:
    if isinstance(target, ast.Name):
        return [Key(target.id, scope)]
    if isinstance(target, ast.Attribute):
        return [Key(target.attr)]
    return [Key(str(_constant(target.slice)))] if isinstance(target, ast.Subscript) else []


def _with_default(arguments: ast.arguments, value: ast.AST) -> list[str]:
    """Return the parameter whose default a value is."""
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults = [*arguments.defaults, *arguments.kw_defaults]
    params = [*plain[len(plain) - len(arguments.defaults) :], *arguments.kwonlyargs]
    return [param.arg for param, default in zip(params, defaults, strict=True) if default is value]


def _constructor(node: ast.FunctionDef | ast.ClassDef) -> ast.FunctionDef | None:
    """Return a function itself, or the `__init__` of a class."""
    if isinstance(node, ast.FunctionDef):
        return node
    return next((each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)


def _fields(definitions: Sequence[ast.AST], call: ast.Call, keyword: str | None) -> list[Key]:
    return [Key(keyword)] if keyword and (definitions or called(call) in words.OBJECTS) else []


def _parameters(definitions: Sequence[ast.FunctionDef | ast.ClassDef], call: ast.Call, given: ast.AST) -> list[Key]:
    functions = [function for each in definitions if (function := _constructor(each)) is not None]
    named = [(_parameter(function, call, given), function) for function in functions]
    return [Key(parameter, function) for parameter, function in named if parameter is not None]


def _parameter(function: ast.FunctionDef, call: ast.Call, given: ast.AST) -> str | None:
    if isinstance(given, ast.keyword):
        return given.arg or ""
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if function.name == "__init__" or names[:1] == ["self"]:
        names = names[1:]
    return dict(zip(map(id, call.args), names, strict=False)).get(id(given))


def _constant(node: ast.AST | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _is_load(node: ast.AST, key: Key) -> bool:
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    if isinstance(node, ast.Name):
        return node.id == key.name
    return key.scope is None and key.name in _keys_read(node)


def _keys_read(node: ast.AST) -> list[object]:
    if isinstance(node, ast.Attribute):
        return [node.attr]
    if isinstance(node, ast.Subscript):
        return [_constant(node.slice)]
    return [_constant(each) for each in node.args] if isinstance(node, ast.Call) and called(node) in _GETS else []
