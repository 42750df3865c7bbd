"""What no edit may change: how the data come in and are split, the seeds, and what measures; nor break its imports."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

MEASURING = re.compile(
    r"(train_test_split|evaluate|score|\w+_score|cross_val\w*|cross_validate|classification_report|confusion_matrix|"
    r"\w*KFold|\w*ShuffleSplit|split|seed|set_seed|set_random_seed|load_\w+|read_\w+|loadtxt|genfromtxt|fetch_\w+|"
    r"make_classification|make_blobs|make_moons|load|open|to_categorical|get_dummies|predict\w*)"
)
SETTINGS = frozenset(
    {"random_state", "seed", "validation_split", "validation_data", "metrics", "scoring", "test_size", "cv", "shuffle"}
)


def same_measure(before: str, after: str) -> bool:
    """Tell whether two scripts read, split, seed, train-and-test and measure in the very same way."""
    return _measuring(before) == _measuring(after)


def imports_in_time(before: str, after: str) -> bool:
    """Tell whether no name is used above its import that was not before: it would not be known there."""
    return _late(after) <= _late(before)


def _late(source: str) -> frozenset[str]:
    """Return the imported names that are used on a line above their first import."""
    nodes = list(ast.walk(ast.parse(source)))
    first: dict[str, int] = {}
    for node in (each for each in nodes if isinstance(each, ast.Import | ast.ImportFrom)):
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            first[name] = min(first.get(name, node.lineno), node.lineno)
    used = [node for node in nodes if isinstance(node, ast.Name)]
    return frozenset(node.id for node in used if node.lineno < first.get(node.id, 0))


def _measuring(source: str) -> Counter[str]:
    """Return every call and keyword that measures, constants put in."""
    tree = ast.parse(source)
    filled = _Filled(_constants(tree))
    return Counter(" ".join(ast.dump(filled.visit(part)) for part in parts) for parts in _guarded(tree))


def _guarded(tree: ast.AST) -> Iterator[list[ast.AST]]:
    """Yield the calls and the keywords that an edit may not change."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and MEASURING.fullmatch(_called(node)):
            yield _without_model(node)
        elif isinstance(node, ast.keyword) and node.arg in SETTINGS:
            yield [node]


def _without_model(call: ast.Call) -> list[ast.AST]:
    """Return the parts of a call, but not a model that is made within it: that one is what edits are for."""
    args = call.args[1:] if _called(call).startswith("cross_val") else call.args
    made_here = isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Call)
    func: ast.AST = ast.Name(_called(call)) if made_here else call.func
    return [func, *args, *call.keywords]


def _called(call: ast.Call) -> str:
    """Return the last part of the name that is called."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    """Return the plain values that names are assigned at module level, so that a change behind a name is seen."""
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


class _Filled(ast.NodeTransformer):
    """Puts the values of constants in the place of their names."""

    def __init__(self, constants: dict[str, ast.expr]) -> None:
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return self._constants.get(node.id, node)
