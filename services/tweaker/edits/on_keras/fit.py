"""Change how long a Keras network is trained and in which batches: what the call of fit is given."""

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import Argument, argument_edit, as_int
from services.tweaker.edits.knobs import BATCH_SIZE, EPOCHS
from services.tweaker.source import AbsentError, NotUnderstoodError, Script, argument, given, literal_of, read

_KERAS = re.compile(r"\bkeras\b")
_EPOCHS = ("epochs", "nb_epoch")
_EPOCHS_POSITION, _BATCH_SIZE_POSITION = 3, 2
_FIT = m.Attribute(attr=m.OneOf(m.Name("fit"), m.Name("fit_generator")))
_WRAPPER = m.OneOf(m.Name("KerasClassifier"), m.Name("KerasRegressor"))
_BUILDS = m.Call(func=m.OneOf(m.Attribute(attr=m.Name("compile")), m.Name("Sequential"), m.Name("Model")))
_COUNTED = m.For(iter=m.Call(func=m.Name("range"), args=[m.Arg(keyword=None)]), target=m.Name())


def _epochs(script: Script) -> Argument:
    """Return the number of epochs: that of fit, or of a loop that trains one epoch at a time."""
    fit = _main_fit(script)
    count = _loop_count(script, fit) or given(script, fit, *_EPOCHS, position=_EPOCHS_POSITION)
    return Argument(fit, "epochs", count, default=1)


def _batch_size(script: Script) -> Argument:
    """Return the batch size of fit, unless the data come in batches already."""
    fit = _main_fit(script)
    arrays = argument(fit, "x", position=0) is not None and argument(fit, "y", position=1) is not None
    wrapped = isinstance(fit.func, cst.Name)
    if not wrapped and (not arrays or argument(fit, "steps_per_epoch", "samples_per_epoch") is not None):
        raise NotUnderstoodError("fit is already given its data in batches")
    return Argument(fit, "batch_size", given(script, fit, "batch_size", position=_BATCH_SIZE_POSITION), default=32)


def _main_fit(script: Script) -> cst.Call:
    """Return the call that trains: the only fit, or of several the last, if it trains longest."""
    calls = _training_calls(script)
    if not calls:
        raise AbsentError("nothing is trained in epochs")
    if len(calls) > 1 and not _ends_with_longest(script, calls):
        raise NotUnderstoodError(f"it is not certain which of {len(calls)} calls of fit is the main training")
    return calls[-1]


def _training_calls(script: Script) -> list[cst.Call]:
    """Return the calls that give a number of epochs; where there are none, what trains a Keras network anyway."""
    fits = [call for call in script.calls if m.matches(call.func, _FIT)]
    with_epochs = [call for call in fits if _epochs_argument(call) is not None] or _wrappers(script)
    return with_epochs or (fits if _KERAS.search(script.module.code) else [])


def _wrappers(script: Script) -> list[cst.Call]:
    return [call for call in script.calls if m.matches(call.func, _WRAPPER) and argument(call, *_EPOCHS)]


def _epochs_argument(call: cst.Call) -> cst.BaseExpression | None:
    return argument(call, *_EPOCHS, position=_EPOCHS_POSITION)


def _loop_count(script: Script, fit: cst.Call) -> cst.BaseExpression | None:
    """Return the count of a loop that trains one epoch in each round; None where fit is not called in such a loop."""
    epochs = _epochs_argument(fit)
    if epochs is not None and not m.matches(epochs, m.Integer("1")):
        return None
    loop = next((outer for outer in script.above(fit) if isinstance(outer, cst.For | cst.FunctionDef)), None)
    if not isinstance(loop, cst.For) or not m.matches(loop, _COUNTED) or m.findall(loop.body, _BUILDS):
        return None
    return cst.ensure_type(loop.iter, cst.Call).args[0].value


def _ends_with_longest(script: Script, fits: list[cst.Call]) -> bool:
    """Return whether one network is trained several times, as long each time by one constant, or longest at the end."""
    nodes = [node for node in map(_epochs_argument, fits) if node is not None]
    if len(nodes) != len(fits) or not _is_one_network(script, fits):
        return False
    *before, last = [as_int(read(script, node)) for node in nodes]
    return last > max(before) or len({literal_of(script, node) for node in nodes}) == 1


def _is_one_network(script: Script, fits: list[cst.Call]) -> bool:
    return len({script.code(call.func) for call in fits}) == 1


EPOCHS_EDIT = argument_edit(EPOCHS, _epochs, as_int)
BATCH_SIZE_EDIT = argument_edit(BATCH_SIZE, _batch_size, as_int)
