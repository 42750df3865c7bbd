"""One script before and after an edit, compared node by node."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from services.tweaker.guard.canonical import A_MODEL
from services.tweaker.guard.roles import SETTINGS
from services.tweaker.guard.uses import Project, Tree
from trainyard_analysis.names import called

MEASURING = re.compile(
    r"train_test_split|evaluate|score|\w+_score|cross_val\w*|\w*seed\w*|load\w*|read\w*|open|predict\w*|"
    r"fetch_\w+|make_(?:classification|blobs|moons)|\w*KFold|split|shuffle|permutation|print"
)
"""What no added statement calls."""
TESTING = re.compile(r"(?:^|_)(?:x|y)?_?(?:test|val|valid|validation|holdout)(?:_|\d|$)", re.IGNORECASE)


def differences(project: Project, name: str, after: bytes) -> Iterator[str]:
    """Yield what differs between a script before and after an edit and must not."""
    try:
        old, new = project.tree(name), Tree(after, project.own)
    except (SyntaxError, ValueError):
        yield f"{name} does not parse"
        return
    fresh = _names(new.original) - _names(old.original)
    yield from (f"{name} {what}" for what in _of_imports(old, new, fresh))
    if old.canonical.kept != new.canonical.kept:
        yield f"{name} gives a model other settings that measure"
    yield from (f"{name} shows the training {word}" for word in sorted(_newly_told(old, new, fresh)))
    for node in _mismatches(old.root, new.root, fresh):
        keys = project.bindings(old, node)
        if not keys or not all(project.is_harmless(key.name, key.scope) for key in keys):
            yield f"line {getattr(node, 'lineno', 1)} of {name} would be another"


def _mismatches(old: ast.AST, new: ast.AST, fresh: frozenset[str]) -> Iterator[ast.AST]:
    """Yield the nodes of the old tree in whose place there is another one in the new tree."""
    if isinstance(old, ast.Constant) and isinstance(new, ast.Constant):
        if (type(old.value), old.value) != (type(new.value), new.value):
            yield old
        return
    if type(old) is not type(new):
        yield old if _is_plain(new) else _whatever(old)
        return
    if isinstance(old, ast.Dict) and isinstance(new, ast.Dict) and len(old.keys) < len(new.keys):
        yield from _of_longer_dict(old, new, fresh)
        return
    for field in old._fields:
        yield from _of_field(old, getattr(old, field, None), getattr(new, field, None), fresh)


def _of_longer_dict(old: ast.Dict, new: ast.Dict, fresh: frozenset[str]) -> Iterator[ast.AST]:
    """Yield the mismatches of a dictionary that got further keys: itself, and the values that it had."""
    values = {ast.dump(key): value for key, value in zip(new.keys, new.values, strict=True) if key is not None}
    added = {key.value for key in new.keys if isinstance(key, ast.Constant)} - {
        key.value for key in old.keys if isinstance(key, ast.Constant)
    }
    yield _whatever(old) if added & SETTINGS or len(values) != len(new.keys) else old
    for key, value in zip(old.keys, old.values, strict=True):
        other = values.get(ast.dump(key)) if key is not None else None
        yield from [_whatever(old)] if other is None else _mismatches(value, other, fresh)


def _of_field(old: ast.AST, one: object, other: object, fresh: frozenset[str]) -> Iterator[ast.AST]:
    """Yield the mismatches within a field of two nodes of one type."""
    if isinstance(one, list) and isinstance(other, list):
        kept = [each for each in other if not _is_added(each, fresh)]
        if len(one) != len(kept):
            yield old if _is_plain(old) else _whatever(old)
            return
        for left, right in zip(one, kept, strict=True):
            yield from _of_field(old, left, right, fresh)
    elif isinstance(one, ast.AST) and isinstance(other, ast.AST):
        yield from _mismatches(one, other, fresh)
    elif one != other:
        yield _whatever(old)


def _whatever(node: ast.AST) -> ast.AST:
    """Return a node that stands for a difference that nothing excuses, in the line of *node*."""
    return ast.Pass(lineno=getattr(node, "lineno", 1), col_offset=0)


def _is_plain(node: ast.AST) -> bool:
    """Tell whether a node is a value that is written down, or a model."""
    if isinstance(node, ast.Name):
        return node.id == A_MODEL
    if isinstance(node, ast.List | ast.Tuple):
        return all(_is_plain(each) for each in node.elts)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and _is_plain(node.operand))


def _is_added(node: object, fresh: frozenset[str]) -> bool:
    """Tell whether a statement gives a name that was not there a value, and does nothing else."""
    if not isinstance(node, ast.Assign):
        return False
    targets = [part for each in node.targets for part in ast.walk(each) if isinstance(part, ast.expr)]
    named = all(isinstance(each, ast.Tuple) or (isinstance(each, ast.Name) and each.id in fresh) for each in targets)
    return named and not any(MEASURING.fullmatch(called(each)) for each in ast.walk(node.value))


def _of_imports(old: Tree, new: Tree, fresh: frozenset[str]) -> Iterator[str]:
    """Yield what is wrong with the imports: one gone, or a name that meant something else."""
    before, after = _imported(old.original), _imported(new.original)
    used = {node.id for node in ast.walk(new.root) if isinstance(node, ast.Name)}
    yield from (f"imports {name} no more" for name in before if name not in after and name in used)
    changed = (name for name in after if before.get(name, after[name]) != after[name])
    yield from (f"imports another {name}" for name in changed)
    yield from (f"imports over {name}" for name in after if name not in before and name not in fresh)


def _imported(tree: ast.Module) -> dict[str, frozenset[str]]:
    """Return what each imported name stands for."""
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{'.' * node.level}{node.module or ''}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, set()).add(module + alias.name)
    return {name: frozenset(full) for name, full in found.items()}


def _newly_told(old: Tree, new: Tree, fresh: frozenset[str]) -> frozenset[str]:
    """Return the names of data that a training or a model is told of, and was not: only its own data are right."""
    known = old.canonical.shown | _loaded(old.canonical.told) | set(_imported(new.original)) | set(dir(builtins))
    added = [each.value for each in ast.walk(new.root) if isinstance(each, ast.Assign) and _is_added(each, fresh)]
    told = _loaded([*new.canonical.told, *added]) - known - fresh - {A_MODEL}
    return frozenset(name for name in told if old.canonical.shown or TESTING.search(name))


def _loaded(nodes: Iterable[ast.AST]) -> set[str]:
    return {each.id for node in nodes for each in ast.walk(node) if isinstance(each, ast.Name)}


def _names(tree: ast.AST) -> frozenset[str]:
    """Return every name that a script uses or gives."""
    names = {each.id for each in ast.walk(tree) if isinstance(each, ast.Name)}
    params = {each.arg for each in ast.walk(tree) if isinstance(each, ast.arg)}
    imported = {
        alias.asname or alias.name.partition(".")[0]
        for each in ast.walk(tree)
        if isinstance(each, ast.Import | ast.ImportFrom)
        for alias in each.names
    }
    return frozenset(names | params | imported)
