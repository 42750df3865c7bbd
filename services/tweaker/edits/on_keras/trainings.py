"""Where a script trains its Keras network: the call of fit that counts, and rounds of short ones."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import literal_of, read
from services.tweaker.source.script import Script, argument

KERAS = re.compile(r"\bkeras\b")
EPOCHS = ("epochs", "nb_epoch")
EPOCHS_POSITION = 3
_FIT = m.Attribute(attr=m.OneOf(m.Name("fit"), m.Name("fit_generator")))
_WRAPPED = m.OneOf(m.Name("KerasClassifier"), m.Name("KerasRegressor"))
_BUILDS = m.Call(func=m.OneOf(m.Attribute(attr=m.Name("compile")), m.Name("Sequential"), m.Name("Model")))
_ROUNDS = m.For(iter=m.Call(func=m.Name("range"), args=[m.Arg(keyword=None)]), target=m.Name())


def main_fit(script: Script) -> cst.Call:
    """Return the call that trains: the only fit, or of several the last, if it trains longest.

    Raises:
        NotUnderstoodError: Nothing is trained in epochs here, or several calls could be meant.
    """
    fits = [call for call in script.calls if m.matches(call.func, _FIT)]
    named = [call for call in fits if given_epochs(call) is not None]
    if not named:
        named = [
            call for call in script.calls if m.matches(call.func, _WRAPPED) and argument(call, *EPOCHS) is not None
        ]
    if not named and not KERAS.search(script.module.code):
        raise NotUnderstoodError("nothing here is trained in epochs")
    meant = named or fits
    if len(meant) != 1 and not _ends_with_longest(script, meant):
        raise NotUnderstoodError(f"{len(meant)} calls of fit could be meant")
    return meant[-1]


def given_epochs(call: cst.Call) -> cst.Arg | None:
    """Return the argument of a fit that says how many epochs."""
    return argument(call, *EPOCHS, position=EPOCHS_POSITION)


def rounds(script: Script, fit: cst.Call) -> cst.BaseExpression | None:
    """Return the count of a loop that trains one epoch a round; None where fit is not called in such a loop."""
    given = given_epochs(fit)
    if given is not None and not (isinstance(given.value, cst.Integer) and given.value.evaluated_value == 1):
        return None
    for outer in script.above(fit):
        if isinstance(outer, cst.FunctionDef):
            return None
        if isinstance(outer, cst.For):
            counted = m.matches(outer, _ROUNDS) and not m.findall(outer.body, _BUILDS)
            return outer.iter.args[0].value if counted and isinstance(outer.iter, cst.Call) else None
    return None


def _ends_with_longest(script: Script, fits: list[cst.Call]) -> bool:
    """Tell whether one network is trained several times, all as long by one constant, or the last time longest."""
    given = [given_epochs(call) for call in fits]
    nodes = [arg.value for arg in given if arg is not None]
    models = {script.code(call.func) for call in fits}
    if not nodes or len(nodes) != len(fits) or len(models) != 1:
        return False
    lengths = [read(script, node) for node in nodes]
    one = len({literal_of(script, node) for node in nodes}) == 1
    *before, last = [length for length in lengths if isinstance(length, int)] or [0]
    return one or (len(before) + 1 == len(lengths) and last > max(before, default=0))
