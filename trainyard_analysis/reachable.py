"""Which code runs when a script is started, as far as names tell; and whether it trains anything."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

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
_Definitions = dict[str, list[tuple[Script, _Named]]]


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
    unused: _Definitions = defaultdict(list)
    waiting: list[tuple[Script, ast.AST]] = []
    for script in scripts:
        for each in script.nodes:
            if isinstance(each, _Named):
                unused[each.name].append((script, each))
        waiting += [(script, node) for node in _top_level(script, is_main=script.path == entrypoint)]
    while waiting:
        script, node = waiting.pop()
        yield script, node
        waiting += [(script, child) for child in _children(node)]
        waiting += _first_used(script, node, unused)


def _first_used(script: Script, node: ast.AST, unused: _Definitions) -> Iterator[tuple[Script, ast.AST]]:
    """Yield the bodies of what a node names first, out of the *unused*; a class brings its special methods."""
    for name in identifiers(node):
        for meant in (script.aliases.get(name, name).rpartition(".")[2], name):
            for owner, definition in unused.pop(meant, ()):
                body = definition.body if isinstance(definition, Function) else _special(definition)
                yield from ((owner, statement) for statement in body)


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
