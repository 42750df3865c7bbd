"""Calls that only older Keras takes: methods, keywords and values that are gone."""

import ast
from collections.abc import Callable, Iterable, Iterator

from services.trainer.inspection.compat import telltales
from services.trainer.inspection.files.uses import argument
from trainprobe.compat.keras_optimizers import ORDER
from trainyard_analysis.constants import Constants
from trainyard_analysis.script import Script

_MODELS = frozenset({"Sequential", "Model", "load_model", "model_from_json"})
_METRICS = ("keras.metrics.", "tensorflow.keras.metrics.", "tensorflow.metrics.")


class OldCalls:
    """Looks for such calls in one script.

    Args:
        script: The script.
        reached: All scripts of the program, which may compile the models.
    """

    def __init__(self, script: Script, reached: Iterable[Script]) -> None:
        self._script = script
        self._constants = Constants(script)
        models = _assigned(script, lambda call: script.called(call) in _MODELS)
        self._models = {target.id for target in models if isinstance(target, ast.Name)}
        metrics = _assigned(script, lambda call: script.dotted(call.func).startswith(_METRICS))
        self._metrics = set(map(_last_name, metrics))
        compiled = frozenset().union(*map(_compiled_metrics, reached))
        self._has_long_name = "accuracy" in compiled and "acc" not in compiled

    def in_node(self, node: ast.AST) -> Iterator[str]:
        """Yield what a node says that only older Keras understands."""
        match node:
            case ast.Attribute():
                yield from self._attribute(node)
            case ast.Subscript(slice=ast.Constant(value="acc" | "val_acc")):
                if self._has_long_name and _is_history(node.value):
                    yield "the key 'acc' of a history"
            case ast.Call():
                yield from self._call(node)

    def _attribute(self, node: ast.Attribute) -> Iterator[str]:
        match node:
            case ast.Attribute(attr=name) if name in telltales.METHODS:
                yield f"{name}()"
            case ast.Attribute(attr=name) if name in telltales.OF_MODELS_ONLY and self._is_model(node.value):
                yield f"{name}() of a model"
            case ast.Attribute(attr="reset_states") if _last_name(node.value) in self._metrics:
                yield "reset_states() of a metric"
            case ast.Attribute(value=ast.Attribute(attr="optimizer"), attr="lr"):
                yield "lr of an optimizer"

    def _call(self, call: ast.Call) -> Iterator[str]:
        name, last = self._script.dotted(call.func), self._script.called(call)
        is_keras = _is_keras(self._script, name)
        gone = _gone_keywords(call, name, last, is_keras=is_keras)
        yield from (f"{last}({keyword.arg}=)" for keyword in call.keywords if keyword.arg in gone)
        if last in _METHODS:
            yield from _METHODS[last](self, call, last)
        if is_keras and last in _CLASSES:
            yield from _CLASSES[last](self, call, last)

    def compile(self, call: ast.Call, _: str) -> Iterator[str]:
        """Yield the values of `compile` that are gone."""
        if not isinstance(call.func, ast.Attribute):
            return
        optimizer, loss, metrics = (
            _constant(argument(call, place, name)) for place, name in enumerate(("optimizer", "loss", "metrics"))
        )
        if str(optimizer).lower() == "adadelta" and "keras" in self._script.modules:
            yield "the optimizer 'adadelta', whose learning rate was 1.0"
        if isinstance(metrics, str):
            yield f"compile(metrics={metrics!r}), which is not a list"
        if loss in telltales.LOSSES:
            yield f"the loss {loss!r}"

    def save(self, call: ast.Call, last: str) -> Iterator[str]:
        """Yield where a model is saved under a name that Keras 3 refuses."""
        if isinstance(call.func, ast.Attribute) and self._is_model(call.func.value):
            yield from self._path(call, (".keras", ".h5", ".hdf5"), last)

    def save_weights(self, call: ast.Call, last: str) -> Iterator[str]:
        """Yield the same for weights."""
        yield from self._path(call, (".weights.h5",), last)

    def checkpoint(self, call: ast.Call, last: str) -> Iterator[str]:
        """Yield the same for `ModelCheckpoint`, and what it monitors."""
        weights = any(each.arg == "save_weights_only" and _constant(each.value) is True for each in call.keywords)
        yield from self._path(call, (".weights.h5",) if weights else (".keras", ".h5"), last)
        yield from self.monitor(call, last)

    def monitor(self, call: ast.Call, _: str) -> Iterator[str]:
        """Yield the metric `acc` where the model's metric is called `accuracy`."""
        monitored = (_constant(each.value) for each in call.keywords if each.arg == "monitor")
        if self._has_long_name and any(metric in ("acc", "val_acc") for metric in monitored):
            yield "the metric 'val_acc'"

    def optimizer(self, call: ast.Call, last: str) -> Iterator[str]:
        """Yield a rate that Keras 3 refuses, as 1 for 1.0, and a default that has changed."""
        has_rate = call.args or {"lr", "learning_rate"} & {each.arg for each in call.keywords}
        if type(_constant(argument(call, 0, "learning_rate"))) is int:
            yield f"{last} with an integer learning rate"
        elif last == "Adadelta" and not has_rate and self._script.dotted(call.func).startswith("keras."):
            yield "Adadelta() without a learning rate, which was 1.0"

    def convolution(self, call: ast.Call, last: str) -> Iterator[str]:
        """Yield `Convolution2D(32, 3, 3)`, which once meant a kernel of 3 by 3, and means a stride of 3 today."""
        sizes = [size for size in map(_constant, call.args[1:3]) if isinstance(size, int)]
        if len(sizes) == 2 and (last == "Convolution2D" or sizes[0] == sizes[1] > 1):  # noqa: PLR2004  two axes
            yield f"{last} with its kernel size as two arguments"

    def _path(self, call: ast.Call, endings: tuple[str, ...], last: str) -> Iterator[str]:
        """Yield a file name that does not end as Keras 3 wants it."""
        path = self._constants.text(argument(call, 0, "filepath"))
        if path.whole and not path.known.endswith(endings):
            yield f"{last}({path.known!r})"

    def _is_model(self, node: ast.AST) -> bool:
        return isinstance(node, ast.Name) and node.id in self._models


_METHODS = {"compile": OldCalls.compile, "save": OldCalls.save, "save_weights": OldCalls.save_weights}
_CLASSES = {
    "ModelCheckpoint": OldCalls.checkpoint,
    **dict.fromkeys(("EarlyStopping", "ReduceLROnPlateau"), OldCalls.monitor),
    **dict.fromkeys(ORDER, OldCalls.optimizer),
    **dict.fromkeys(("Convolution2D", "Conv2D"), OldCalls.convolution),
}


def _gone_keywords(call: ast.Call, name: str, last: str, *, is_keras: bool) -> frozenset[str]:
    """Return the keywords that what is called by that full name no longer takes."""
    if isinstance(call.func, ast.Attribute) and last in telltales.METHOD_KEYWORDS:
        return telltales.METHOD_KEYWORDS[last]
    if is_keras and last in telltales.KEYWORDS:
        return telltales.KEYWORDS[last]
    if is_keras and _is_layer(name):
        return telltales.LAYER_KEYWORDS - telltales.LAYER_KEYWORDS_STILL_THERE.get(last, frozenset())
    return frozenset()


def _is_layer(name: str) -> bool:
    return ".layers." in name or ("." not in name and name[:1].isupper() and name not in _MODELS)


def _constant(node: ast.AST | None) -> object:
    """Return the value of a constant; None for all else, and for values that no table has."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, (str, int, float)) else None


def _is_keras(script: Script, name: str) -> bool:
    """Return whether a full name is one of Keras, also by `from keras.layers import *`."""
    if "." in name:
        return name.startswith(("keras.", "tensorflow.keras.", "tensorflow.python.keras."))
    return any("*" in each.names and "keras" in each.module for each in script.imports)


def _assigned(script: Script, makes: Callable[[ast.Call], bool]) -> list[ast.expr]:
    assignments = (node for node in script.nodes if isinstance(node, ast.Assign))
    made = (each for each in assignments if isinstance(each.value, ast.Call) and makes(each.value))
    return [target for each in made for target in each.targets]


def _compiled_metrics(script: Script) -> frozenset[object]:
    """Return the names of the metrics that models are compiled with."""
    calls = (node for node in script.nodes if isinstance(node, ast.Call) and script.called(node) == "compile")
    lists = (argument(call, 2, "metrics") for call in calls)
    return frozenset(_constant(metric) for each in lists for metric in getattr(each, "elts", [each]))


def _is_history(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute):
        return node.attr == "history"
    return isinstance(node, ast.Name) and "hist" in node.id.lower()


def _last_name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")
