"""Calls that only older Keras takes: methods, keywords and values that are gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from services.trainer.inspection.compat import telltales
from services.trainer.inspection.files.uses import argument
from trainprobe.compat.keras_optimizers import ORDER
from trainyard_analysis.constants import Constants
from trainyard_analysis.script import Script

_MODELS = frozenset({"Sequential", "Model", "load_model", "model_from_json"})
_MONITORS = frozenset({"EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau"})
_SHORT = frozenset({"acc", "val_acc"})
_METRICS = ("keras.metrics.", "tensorflow.keras.metrics.", "tensorflow.metrics.")


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
            gone = _gone_keywords(self._script, node, last, is_keras=is_keras)
            yield from (f"{last}({keyword.arg}=)" for keyword in node.keywords if keyword.arg in gone)
            for check in (_METHODS.get(last), _CLASSES.get(last) if is_keras else None):
                if check:
                    yield from check(self, node, last)

    def _attribute(self, node: ast.Attribute) -> Iterator[str]:
        if node.attr in telltales.METHODS:
            yield f"{node.attr}()"
        elif node.attr in telltales.OF_MODELS_ONLY and self._is_model(node.value):
            yield f"{node.attr}() of a model"
        elif node.attr == "reset_states" and _last_name(node.value) in self._measures:
            yield "reset_states() of a metric"
        elif node.attr == "lr" and isinstance(node.value, ast.Attribute) and node.value.attr == "optimizer":
            yield "lr of an optimizer"

    def compile(self, node: ast.Call, _: str) -> Iterator[str]:
        """Yield the values of `compile` that are gone."""
        if not isinstance(node.func, ast.Attribute):
            return
        named = {each.arg: each.value for each in node.keywords}
        optimizer, metrics, loss = argument(node, 0, "optimizer"), named.get("metrics"), named.get("loss")
        if str(_constant(optimizer)).lower() == "adadelta" and "keras" in {each.top for each in self._script.imports}:
            yield "the optimizer 'adadelta', whose rate was 1.0"
        if isinstance(_constant(metrics), str):
            yield f"compile(metrics={_constant(metrics)!r}), which is no list"
        if _constant(loss) in telltales.LOSSES:
            yield f"the loss {_constant(loss)!r}"

    def save(self, node: ast.Call, last: str) -> Iterator[str]:
        """Yield where a model is saved under a name that Keras 3 refuses."""
        if isinstance(node.func, ast.Attribute) and self._is_model(node.func.value):
            yield from self._path(node, (".keras", ".h5", ".hdf5"), last)

    def save_weights(self, node: ast.Call, last: str) -> Iterator[str]:
        """Yield the same for weights."""
        yield from self._path(node, (".weights.h5",), last)

    def checkpoint(self, node: ast.Call, last: str) -> Iterator[str]:
        """Yield the same for `ModelCheckpoint`."""
        weights = any(each.arg == "save_weights_only" and _constant(each.value) is True for each in node.keywords)
        yield from self._path(node, (".weights.h5",) if weights else (".keras", ".h5"), last)

    def optimizer(self, node: ast.Call, last: str) -> Iterator[str]:
        """Yield a rate that Keras 3 refuses, as 1 for 1.0, and a default that has changed."""
        given = node.args or {"lr", "learning_rate"} & {each.arg for each in node.keywords}
        if type(_constant(argument(node, 0, "learning_rate"))) is int:
            yield f"{last} with a whole number for its rate"
        elif last == "Adadelta" and not given and self._script.dotted(node.func).startswith("keras."):
            yield "Adadelta() without a rate, which was 1.0"

    def convolution(self, node: ast.Call, last: str) -> Iterator[str]:
        """Yield `Convolution2D(32, 3, 3)`, which once meant a kernel of 3 by 3, and means a stride of 3 today."""
        sizes = [size for size in map(_constant, node.args[1:3]) if isinstance(size, int)]
        if len(sizes) == 2 and (last == "Convolution2D" or sizes[0] == sizes[1] > 1):  # noqa: PLR2004  two axes
            yield f"{last} with the sizes of its kernel one by one"

    def _path(self, node: ast.Call, endings: tuple[str, ...], last: str) -> Iterator[str]:
        """Yield a file name that does not end as Keras 3 wants it."""
        path = self._constants.text(argument(node, 0, "filepath"))
        if path.whole and not path.known.endswith(endings):
            yield f"{last}({path.known!r})"

    def _is_model(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id in self._models


_METHODS = {"compile": OldCalls.compile, "save": OldCalls.save, "save_weights": OldCalls.save_weights}
_CLASSES = {
    "ModelCheckpoint": OldCalls.checkpoint,
    **dict.fromkeys(ORDER, OldCalls.optimizer),
    **dict.fromkeys(("Convolution2D", "Conv2D"), OldCalls.convolution),
}


def old_history_keys(script: Script, reached: list[Script]) -> Iterator[tuple[int, str]]:
    """Yield where a history is asked for `acc` although the metric is called `accuracy`."""
    metrics = {text for each in reached for text in _metrics(each)}
    if "accuracy" not in metrics or "acc" in metrics:
        return
    for node in script.nodes:
        if isinstance(node, ast.Subscript) and _constant(node.slice) in _SHORT and _is_history(node.value):
            yield node.lineno, "the key 'acc' of a history"
        elif isinstance(node, ast.Call) and _monitors_short(script, node):
            yield node.lineno, "the metric 'val_acc'"


def _monitors_short(script: Script, node: ast.Call) -> bool:
    monitored = (_constant(each.value) for each in node.keywords if each.arg == "monitor")
    return script.dotted(node.func).rpartition(".")[2] in _MONITORS and any(metric in _SHORT for metric in monitored)


def _gone_keywords(script: Script, node: ast.Call, last: str, *, is_keras: bool) -> frozenset[str]:
    """Return the keywords that what is called *last* no longer takes."""
    if isinstance(node.func, ast.Attribute) and last in telltales.METHOD_KEYWORDS:
        return telltales.METHOD_KEYWORDS[last]
    if is_keras and last in telltales.KEYWORDS:
        return telltales.KEYWORDS[last]
    if is_keras and _is_layer(script, node):
        return telltales.LAYER_KEYWORDS - telltales.LAYER_KEYWORDS_STILL_THERE.get(last, frozenset())
    return frozenset()


def _constant(node: ast.AST | None) -> object:
    """Return the value of a constant; None for all else, and for values that no table has."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, (str, int, float)) else None


def _is_keras(script: Script, name: str) -> bool:
    """Return whether a full name is one of Keras, also by `from keras.layers import *`."""
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
        for node in script.nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and script.dotted(node.value.func).rpartition(".")[2] in _MODELS
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _metrics(script: Script) -> Iterator[str]:
    for node in script.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "compile":
            for each in node.keywords:
                if each.arg == "metrics":
                    found = getattr(each.value, "elts", [each.value])
                    yield from (str(one.value) for one in found if isinstance(one, ast.Constant))


def _is_history(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "history"
    return isinstance(node, ast.Name) and "hist" in node.id.lower()


def _measures(script: Script) -> set[str]:
    """Return the names, attributes too, that are given a metric object of Keras somewhere in the script."""
    return {
        _last_name(target)
        for node in script.nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and script.dotted(node.value.func).startswith(_METRICS)
        for target in node.targets
    }


def _last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
