"""Which code is run when a script is started, as far as names tell; and whether anything is trained by it."""

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
"""What a thing is called whose `fit` only prepares data."""

_TRAINS_BY = frozenset({"y", "epochs", "nb_epoch", "batch_size", "validation_data", "steps_per_epoch", "callbacks"})
"""Arguments of a `fit` that trains, whatever it is called on."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
_Named = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def trains(scripts: Iterable[Script], entrypoint: str) -> bool:
    """Tell whether anything is trained when the first of *scripts* is started and imports the others."""
    found = list(scripts)
    if any(script.broken and FITS & script.names for script in found):
        return True
    return any(is_training(script, node) for script, node in live(found, entrypoint))


def is_training(script: Script, node: ast.AST) -> bool:
    """Tell whether a node names what trains a model."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FITS:
        return len(node.args) > 1 or bool(_TRAINS_BY & {each.arg for each in node.keywords})
    if isinstance(node, ast.Attribute) and node.attr in FITS:
        return not PREPARES.search(_last_name(node.value).lower())
    if isinstance(node, ast.Name) and script.aliases.get(node.id, node.id).rpartition(".")[2] in FITS - {"fit"}:
        return True
    return isinstance(node, ast.Attribute | ast.Name) and script.dotted(node) in TRAINERS


def live(scripts: Iterable[Script], entrypoint: str) -> Iterator[tuple[Script, ast.AST]]:
    """Yield every node that may be run: top levels, and each function or method whose name such a node uses.

    What stands under `if __name__ == "__main__"` counts in the entrypoint only.
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
    """What is still to be looked at, and what waits for its name to be used."""

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
    """Yield what is run along with a node: of a function only what its definition needs."""
    if isinstance(node, Function):
        yield from [*node.decorator_list, node.args]
    else:
        yield from ast.iter_child_nodes(node)


def _special(node: ast.ClassDef) -> Iterator[ast.AST]:
    for each in node.body:
        if isinstance(each, Function) and each.name.startswith("__"):
            yield from each.body


def asks_for_main(test: ast.AST) -> bool:
    """Tell whether a condition is `__name__ == "__main__"`."""
    return isinstance(test, ast.Compare) and any(
        isinstance(side, ast.Name) and side.id == "__name__" for side in [test.left, *test.comparators]
    )


def _last_name(node: ast.AST) -> str:
    """Return the last identifier of what a method is called on."""
    if isinstance(node, ast.Call):
        return _last_name(node.func)
    return next(iter(identifiers(node)), "")
