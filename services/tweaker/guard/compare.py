"""One script before and after an edit, compared node by node."""

import ast
import builtins
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from services.tweaker.guard.canonical import A_MODEL, names_in
from services.tweaker.guard.roles import SETTINGS, TESTING, own_of
from services.tweaker.guard.uses import Baseline, Tree
from trainyard_analysis.names import called, nodes_in

SEED = "random_state"
MEASURING = re.compile(
    r"train_test_split|evaluate|score|\w+_score|cross_val\w*|\w*seed\w*|load\w*|read\w*|open|predict\w*|"
    r"fetch_\w+|make_(?:classification|blobs|moons)|\w*KFold|split|shuffle|permutation|print"
)
"""What no added statement calls."""


def differences(baseline: Baseline, name: str, after: bytes) -> Iterator[str]:
    """Yield what differs between a script before and after an edit and must not."""
    try:
        old = baseline.tree(name)
        models = baseline.own.models | own_of(ast.parse(after)).models
        new = Tree(after, baseline.own._replace(models=models), _renamed(baseline, name, after))
    except (SyntaxError, ValueError):
        yield f"{name} does not parse"
        return
    fresh = _all_names(new.original) - _all_names(old.original)
    yield from (f"{name} {what}" for what in _import_differences(old, new, fresh))
    if not _measures_alike(old, new):
        yield f"{name} changes a setting of a model that measures"
    lost = _loop_variables(old.original) - _loop_variables(new.original)
    yield from (f"the loop over {word} in {name} no longer makes a difference" for word in sorted(lost))
    yield from (f"{name} passes {word} to the training" for word in sorted(_new_data(old, new, fresh)))
    for node in _mismatches(old.root, new.root, fresh):
        if not baseline.are_harmless(baseline.bindings(old, node)):
            yield f"line {getattr(node, 'lineno', 1)} of {name} changes"


def _loop_variables(tree: ast.Module) -> Counter[str]:
    """Return how many loops read each of the names that they set: a loop that stops to do so tries nothing any more."""
    found = Counter[str]()
    for loop in ast.walk(tree):
        parts = getattr(loop, "generators", [loop] if isinstance(loop, ast.For) else [])
        names = {each.id for part in parts for each in nodes_in(part.target, ast.Name)}
        read = {each.id for each in nodes_in(loop, ast.Name) if isinstance(each.ctx, ast.Load)} if names else set()
        found.update(names & read)
    return found


def _measures_alike(old: Tree, new: Tree) -> bool:
    """Return whether the models' settings that measure are the same, but for a seed where there was none.

    That has to be 0 or one that the script uses: none that may have been chosen for its luck.
    """
    before, after = old.canonical.measuring, new.canonical.measuring
    none, *known = (ast.dump(ast.keyword(SEED, each)) for each in (ast.Constant(None), ast.Constant(0), *_seeds(old)))
    return set(before - after) <= {none} and set(after - before) <= set(known)


def _seeds(tree: Tree) -> Iterator[ast.expr]:
    """Yield the seeds that a script uses."""
    for call in nodes_in(tree.original, ast.Call):
        yield from (each.value for each in call.keywords if each.arg == SEED)
        yield from (call.args[:1] if "seed" in called(call) else ())


def _renamed(baseline: Baseline, name: str, after: bytes) -> dict[str, str]:
    """Return by their new names the variables of a script that an edit only gave others: none of either is in both."""
    old, new = baseline.tree(name).original, ast.parse(after)
    gone, fresh = _assigned_only(old, new), _assigned_only(new, old)
    others = (content for each, content in baseline.files.items() if each != name and each.endswith(".py"))
    known = any(re.search(rf"\b{word}\b".encode(), content) for content in others for word in gone)
    return dict(zip(fresh, gone, strict=True)) if len(gone) == len(fresh) and not known else {}


def _assigned_only(tree: ast.Module, other: ast.Module) -> list[str]:
    """Return the variables that are assigned in a script and are not in the other, in their order."""
    stored = [each for each in nodes_in(tree, ast.Name) if isinstance(each.ctx, ast.Store)]
    in_order = [each.id for each in sorted(stored, key=lambda each: (each.lineno, each.col_offset))]
    return [each for each in dict.fromkeys(in_order) if each not in _all_names(other)]


def _mismatches(old: ast.AST, new: ast.AST, fresh: frozenset[str]) -> Iterator[ast.AST]:
    """Yield the nodes of the old tree in whose place there is another one in the new tree."""
    if type(old) is not type(new) or _is_other_constant(old, new):
        yield old if _is_plain(new) else _inexcusable(old)
    elif isinstance(old, ast.Dict) and isinstance(new, ast.Dict) and len(old.keys) < len(new.keys):
        yield from _dict_mismatches(old, new, fresh)
    else:
        for field in old._fields:
            yield from _field_mismatches(old, getattr(old, field, None), getattr(new, field, None), fresh)


def _is_other_constant(old: ast.AST, new: ast.AST) -> bool:
    return isinstance(old, ast.Constant) and ast.dump(old) != ast.dump(new)


def _dict_mismatches(old: ast.Dict, new: ast.Dict, fresh: frozenset[str]) -> Iterator[ast.AST]:
    """Yield the mismatches of a dictionary that got further keys: itself, and the values that it had."""
    before, after = _entries(old), _entries(new)
    measures = {ast.dump(ast.Constant(name)) for name in SETTINGS} & (set(after) - set(before))
    is_certain = len(before) == len(old.keys) and len(after) == len(new.keys)
    yield old if is_certain and not measures else _inexcusable(old)
    for key, value in before.items():
        yield from _mismatches(value, after[key], fresh) if key in after else [_inexcusable(old)]


def _field_mismatches(old: ast.AST, one: object, other: object, fresh: frozenset[str]) -> Iterator[ast.AST]:
    if isinstance(one, list) and isinstance(other, list):
        yield from _list_mismatches(old, one, [each for each in other if not _is_added(each, fresh)], fresh)
    elif isinstance(one, ast.AST) and isinstance(other, ast.AST):
        yield from _mismatches(one, other, fresh)
    elif one != other:
        yield _inexcusable(old)


def _list_mismatches(old: ast.AST, one: list[Any], other: list[Any], fresh: frozenset[str]) -> Iterator[ast.AST]:
    if len(one) != len(other):
        yield old if _is_plain(old) else _inexcusable(old)
        return
    for left, right in zip(one, other, strict=True):
        yield from _field_mismatches(old, left, right, fresh)


def _entries(node: ast.Dict) -> dict[str, ast.expr]:
    return {ast.dump(key): value for key, value in zip(node.keys, node.values, strict=True) if key is not None}


def _inexcusable(node: ast.AST) -> ast.AST:
    """Return a node that stands for a difference that nothing excuses, in the line of *node*."""
    return ast.Pass(lineno=getattr(node, "lineno", 1), col_offset=0)


def _is_plain(node: ast.AST) -> bool:
    """Return whether a node is a value that is written down, or a model."""
    if isinstance(node, ast.Name):
        return node.id == A_MODEL
    if isinstance(node, ast.List | ast.Tuple):
        return all(_is_plain(each) for each in node.elts)
    return isinstance(node, ast.Constant) or (isinstance(node, ast.UnaryOp) and _is_plain(node.operand))


def _is_added(node: object, fresh: frozenset[str]) -> bool:
    """Return whether a statement gives a name that was not there a value, and does nothing else."""
    if isinstance(node, ast.ClassDef):
        return node.name in fresh and _only_defines(node)
    if not isinstance(node, ast.Assign) or not all(_is_named(each, fresh) for each in node.targets):
        return False
    return not any(MEASURING.fullmatch(called(each)) for each in ast.walk(node.value))


def _only_defines(node: ast.ClassDef) -> bool:
    """Return whether a class is methods and a docstring, and none of them measures anything."""
    parts = all(isinstance(each, ast.FunctionDef) or _is_docstring(each) for each in node.body)
    return parts and not any(MEASURING.fullmatch(called(each)) for each in ast.walk(node))


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_named(target: ast.expr, fresh: frozenset[str]) -> bool:
    if isinstance(target, ast.Tuple):
        return all(_is_named(each, fresh) for each in target.elts)
    return isinstance(target, ast.Name) and target.id in fresh


def _import_differences(old: Tree, new: Tree, fresh: frozenset[str]) -> Iterator[str]:
    before, after = _imported(old.original), _imported(new.original)
    gone, added = before.keys() - after.keys(), after.keys() - before.keys()
    yield from (f"no longer imports {name}" for name in sorted(gone & names_in([new.root])))
    yield from (f"imports a different {name}" for name in before if before[name] != after.get(name, before[name]))
    yield from (f"imports something else as {name}" for name in sorted(added - fresh))


def _imported(tree: ast.Module) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = f"{'.' * node.level}{node.module or ''}." if isinstance(node, ast.ImportFrom) else ""
            for alias in node.names:
                found.setdefault(alias.asname or alias.name, set()).add(module + alias.name)
    return {name: frozenset(full) for name, full in found.items()}


def _new_data(old: Tree, new: Tree, fresh: frozenset[str]) -> frozenset[str]:
    """Return the names of data that a training or a model is given and was not: only its own data are right."""
    known = old.canonical.data | names_in(old.canonical.arguments) | set(_imported(new.original)) | set(dir(builtins))
    known |= names_in(_seeds(old))
    added = [each.value for each in nodes_in(new.root, ast.Assign) if _is_added(each, fresh)]
    names = names_in([*new.canonical.arguments, *added]) - known - fresh - {A_MODEL}
    return frozenset(name for name in names if old.canonical.data or TESTING.search(name))


def _all_names(tree: ast.AST) -> frozenset[str]:
    imported = {each.asname or each.name.partition(".")[0] for each in nodes_in(tree, ast.alias)}
    defined = {each.name for each in ast.walk(tree) if isinstance(each, ast.ClassDef | ast.FunctionDef)}
    arguments = {each.arg for each in nodes_in(tree, ast.arg)}
    declared = {name for each in ast.walk(tree) if isinstance(each, ast.Global | ast.Nonlocal) for name in each.names}
    return frozenset(names_in([tree]) | arguments | imported | defined | declared)
