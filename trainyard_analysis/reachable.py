"""Which code runs when a script is started, as far as names tell; and whether it trains anything."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from trainyard_analysis.script import Script, identifiers

FITS = frozenset(
    {"fit", "fit_generator", "train_on_batch", "partial_fit", "fit_one_cycle", "fine_tune", "backward", "GradientTape"}
    | {"cross_val_score", "cross_validate", "cross_val_predict", "permutation_test_score", "learning_curve"}
)
"""Names of what trains a model."""

TRAINERS = frozenset({"xgboost.train", "xgboost.cv", "lightgbm.train", "lightgbm.cv", "catboost.train", "catboost.cv"})
"""The same, by their full names."""

PREPARES = re.compile(r"scal|enc|vect|imput|pca|svd|token|gen$|generator|transform|prepro|normaliz|binariz|\ble\b|lb$")
"""Names of objects whose `fit` only prepares data."""

_TRAINS_BY = frozenset({"y", "epochs", "nb_epoch", "batch_size", "validation_data", "steps_per_epoch", "callbacks"})
"""Arguments of a `fit` that trains, whatever its object is called."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def trains(scripts: Iterable[Script], entrypoint: str) -> bool:
    """Return whether anything is trained when the first of *scripts* is started and imports the others."""
    found = list(scripts)
    is_guessed = any(script.broken and FITS & script.names for script in found)
    return is_guessed or any(_is_training(script, node) for script, node in live(found, entrypoint))


def _is_training(script: Script, node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _is_fit(node)
    if isinstance(node, ast.Attribute) and node.attr in FITS:
        return not PREPARES.search(_last_name(node.value).lower())
    if not isinstance(node, ast.Attribute | ast.Name):
        return False
    full = script.dotted(node)
    return full in TRAINERS or (isinstance(node, ast.Name) and full.rpartition(".")[2] in FITS - {"fit"})


def _is_fit(call: ast.Call) -> bool:
    is_method = isinstance(call.func, ast.Attribute) and call.func.attr in FITS
    return is_method and (len(call.args) > 1 or not _TRAINS_BY.isdisjoint(each.arg for each in call.keywords))


def live(scripts: Iterable[Script], entrypoint: str) -> Iterator[tuple[Script, ast.AST]]:
    """Yield every node that may run: top levels, and each function or method whose name such a node uses.

    What is under `if __name__ == "__main__"` counts in the entrypoint only.
    """
    state = _Live({}, [])
    for script in scripts:
        for each in script.nodes:
            if isinstance(each, _Named):
                state.defined.setdefault(each.name, []).append((script, each))
        state.waiting += [(script, node) for node in _top_level(script, is_main=script.path == entrypoint)]
    while state.waiting:
        script, node = state.waiting.pop()
        yield script, node
        state.waiting += [(script, child) for child in _children(node)]
        for name in identifiers(node):
            state.use(script.aliases.get(name, name).rpartition(".")[2])
            state.use(name)


@dataclass(slots=True)
class _Live:
    """Nodes still to be visited, and definitions whose names were not used yet."""

    defined: dict[str, list[tuple[Script, _Named]]]
    waiting: list[tuple[Script, ast.AST]]
    used: set[str] = field(default_factory=set)

    def use(self, name: str) -> None:
        """Make what is defined by that name live; a class brings its special methods."""
        if name in self.used or name not in self.defined:
            return
        self.used.add(name)
        for script, node in self.defined[name]:
            body = node.body if isinstance(node, Function) else _special(node)
            self.waiting += [(script, statement) for statement in body]


def _top_level(script: Script, *, is_main: bool) -> Iterator[ast.AST]:
    for node in script.tree.body:
        if isinstance(node, ast.If) and asks_for_main(node.test) and not is_main:
            yield from node.orelse
        else:
            yield node


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what runs along with a node: of a function only what its definition needs."""
    yield from [*node.decorator_list, node.args] if isinstance(node, Function) else ast.iter_child_nodes(node)


def _special(node: ast.ClassDef) -> Iterator[ast.AST]:
    for each in node.body:
        if isinstance(each, Function) and each.name.startswith("__"):
            yield from each.body


def asks_for_main(test: ast.AST) -> bool:
    """Return whether a condition is `__name__ == "__main__"`."""
    return isinstance(test, ast.Compare) and any(
        isinstance(side, ast.Name) and side.id == "__name__" for side in [test.left, *test.comparators]
    )


def _last_name(node: ast.AST) -> str:
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return next(iter(identifiers(node)), "")
