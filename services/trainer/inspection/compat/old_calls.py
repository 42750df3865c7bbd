"""Calls that only older Keras takes: methods, keywords and values that are gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from services.trainer.inspection.compat import telltales
from services.trainer.inspection.files.uses import argument
from trainyard_analysis.constants import Constants
from trainyard_analysis.script import Script

_FITTING = frozenset({"fit", "evaluate", "predict", "fit_generator", "evaluate_generator", "predict_generator"})
_MODELS = frozenset({"Sequential", "Model", "load_model", "model_from_json"})
_MONITORS = frozenset({"EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau"})
_SHORT = frozenset({"acc", "val_acc"})
_METRICS = ("keras.metrics.", "tensorflow.keras.metrics.", "tensorflow.metrics.")
_OLD_CONVOLUTIONS = frozenset({"Convolution2D", "Conv2D"})
_OPTIMIZERS = frozenset({"SGD", "Adam", "RMSprop", "Adadelta", "Adagrad", "Adamax", "Nadam"})


class OldCalls:
    """Looks for such calls in one script."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._constants = Constants(script)
        self._models = _models(script)
        self._measures = _measures(script)

    def in_node(self, node: ast.AST) -> Iterator[str]:
        """Yield what a node says that only older Keras understands."""
        if isinstance(node, ast.Attribute):
            yield from self._attribute(node)
        elif isinstance(node, ast.Call):
            name = self._script.dotted(node.func)
            last = name.rpartition(".")[2] or getattr(node.func, "attr", "")
            is_keras = _is_keras(self._script, name)
            yield from _keywords(self._script, node, last, is_keras=is_keras)
            yield from self._values(node, last, is_keras=is_keras)

    def _attribute(self, node: ast.Attribute) -> Iterator[str]:
        if node.attr in telltales.METHODS:
            yield f"{node.attr}()"
        elif node.attr in telltales.OF_MODELS_ONLY and self._is_model(node.value):
            yield f"{node.attr}() of a model"
        elif node.attr == "reset_states" and _last_name(node.value) in self._measures:
            yield "reset_states() of a metric"
        elif node.attr == "lr" and isinstance(node.value, ast.Attribute) and node.value.attr == "optimizer":
            yield "lr of an optimizer"

    def _values(self, node: ast.Call, last: str, *, is_keras: bool) -> Iterator[str]:
        if last == "compile" and isinstance(node.func, ast.Attribute):
            yield from _compiled(node, alone="keras" in {each.top for each in self._script.imports})
        elif is_keras and last == "ModelCheckpoint":
            weights = any(each.arg == "save_weights_only" and _is_true(each.value) for each in node.keywords)
            yield from self._path(node, (".weights.h5",) if weights else (".keras", ".h5"), last)
        elif last == "save_weights":
            yield from self._path(node, (".weights.h5",), last)
        elif last == "save" and isinstance(node.func, ast.Attribute) and self._is_model(node.func.value):
            yield from self._path(node, (".keras", ".h5", ".hdf5"), last)
        elif is_keras and last in _OPTIMIZERS and _is_whole(argument(node, 0, "learning_rate")):
            yield f"{last} with a whole number for its rate"
        elif last == "Adadelta" and self._script.dotted(node.func).startswith("keras."):
            if not node.args and not {"lr", "learning_rate"} & {each.arg for each in node.keywords}:
                yield "Adadelta() without a rate, which was 1.0"
        elif is_keras and last in _OLD_CONVOLUTIONS and _has_old_sizes(node, last):
            yield f"{last} with the sizes of its kernel one by one"

    def _path(self, node: ast.Call, endings: tuple[str, ...], last: str) -> Iterator[str]:
        """Yield a file name that does not end as Keras 3 wants it."""
        path = self._constants.text(argument(node, 0, "filepath"))
        if path.whole and not path.known.endswith(endings):
            yield f"{last}({path.known!r})"

    def _is_model(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id in self._models


def tells_of_history(script: Script, reached: list[Script]) -> Iterator[tuple[int, str]]:
    """Yield where a history is asked for `acc` although the metric is called `accuracy`."""
    metrics = {text for each in reached for text in _metrics(each)}
    if "accuracy" not in metrics or "acc" in metrics:
        return
    for node in ast.walk(script.tree):
        if isinstance(node, ast.Subscript) and _is_short(node.slice) and _is_history(node.value):
            yield node.lineno, "the key 'acc' of a history"
        elif isinstance(node, ast.Call) and script.dotted(node.func).rpartition(".")[2] in _MONITORS:
            yield from ((node.lineno, "the metric 'val_acc'") for each in node.keywords if _monitors_short(each))


def _keywords(script: Script, node: ast.Call, last: str, *, is_keras: bool) -> Iterator[str]:
    given = {each.arg for each in node.keywords if each.arg}
    gone: frozenset[str] = frozenset()
    if isinstance(node.func, ast.Attribute) and last in _FITTING:
        gone = telltales.FIT_KEYWORDS
    elif isinstance(node.func, ast.Attribute) and last == "compile":
        gone = telltales.COMPILE_KEYWORDS
    elif is_keras and last in telltales.KEYWORDS:
        gone = telltales.KEYWORDS[last]
    elif is_keras and _is_layer(script, node):
        gone = telltales.LAYER_KEYWORDS - telltales.LAYER_KEYWORDS_STILL_THERE.get(last, frozenset())
    yield from (f"{last}({name}=)" for name in sorted(gone & given))


def _compiled(node: ast.Call, *, alone: bool) -> Iterator[str]:
    named = {each.arg: each.value for each in node.keywords}
    optimizer = argument(node, 0, "optimizer")
    if alone and isinstance(optimizer, ast.Constant) and str(optimizer.value).lower() == "adadelta":
        yield "the optimizer 'adadelta', whose rate was 1.0"
    metrics, loss = named.get("metrics"), named.get("loss")
    if isinstance(metrics, ast.Constant) and isinstance(metrics.value, str):
        yield f"compile(metrics={metrics.value!r}), which is no list"
    if isinstance(loss, ast.Constant) and loss.value in telltales.LOSSES:
        yield f"the loss {loss.value!r}"


def _is_whole(rate: ast.AST | None) -> bool:
    """Tell a rate as 1, which Keras 3 refuses: it takes 1.0."""
    return isinstance(rate, ast.Constant) and type(rate.value) is int


def _has_old_sizes(node: ast.Call, last: str) -> bool:
    """Tell `Convolution2D(32, 3, 3)`, which once meant a kernel of 3 by 3, and means a stride of 3 today."""
    sizes = [each.value for each in node.args[1:3] if isinstance(each, ast.Constant) and isinstance(each.value, int)]
    return len(sizes) == 2 and (last == "Convolution2D" or sizes[0] == sizes[1] > 1)  # noqa: PLR2004  two axes


def _is_keras(script: Script, name: str) -> bool:
    """Tell whether a full name is one of Keras, also by `from keras.layers import *`."""
    if "." in name:
        return name.startswith(("keras.", "tensorflow.keras.", "tensorflow.python.keras."))
    return any("*" in each.names and "keras" in each.module for each in script.imports)


def _is_layer(script: Script, node: ast.Call) -> bool:
    name = script.dotted(node.func)
    return ".layers." in name or ("." not in name and name[:1].isupper() and name not in _MODELS)


def _models(script: Script) -> set[str]:
    """Return the names that are given a Keras model somewhere in the script."""
    return {
        target.id
        for node in ast.walk(script.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and script.dotted(node.value.func).rpartition(".")[2] in _MODELS
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _metrics(script: Script) -> Iterator[str]:
    for node in ast.walk(script.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "compile":
            for each in node.keywords:
                if each.arg == "metrics":
                    found = getattr(each.value, "elts", [each.value])
                    yield from (str(one.value) for one in found if isinstance(one, ast.Constant))


def _is_short(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value in _SHORT


def _monitors_short(keyword: ast.keyword) -> bool:
    return keyword.arg == "monitor" and _is_short(keyword.value)


def _is_history(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "history"
    return isinstance(node, ast.Name) and "hist" in node.id.lower()


def _is_true(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _measures(script: Script) -> set[str]:
    """Return the names, attributes too, that are given a metric object of Keras somewhere in the script."""
    return {
        _last_name(target)
        for node in ast.walk(script.tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and script.dotted(node.value.func).startswith(_METRICS)
        for target in node.targets
    }


def _last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
