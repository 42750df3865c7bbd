"""Ask more, or fewer, neighbours; let near ones count more."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.codemods.calls import with_keyword
from services.tweaker.codemods.edit import Edit, whole
from services.tweaker.codemods.errors import NotUnderstoodError
from services.tweaker.codemods.knobs import Knob
from services.tweaker.codemods.literals import Value, read, write
from services.tweaker.codemods.rewrite import Changes, Edited
from services.tweaker.codemods.script import Script, argument, dotted
from services.tweaker.codemods.space import Choice, Whole
from trainyard.messages import Setting

ESTIMATOR = re.compile(r"sklearn\.(?:\w+\.)*(?:KNeighborsClassifier|KNeighborsRegressor)")
DEFAULT_NEIGHBOURS = 5
UNIFORM = "uniform"
SEARCH = re.compile(r"SearchCV$")


def _estimator(script: Script) -> cst.Call:
    """Return the one call that makes the estimator."""
    calls = [call for call in script.calls if script.is_called(call, ESTIMATOR)]
    if len(calls) != 1:
        raise NotUnderstoodError(f"{len(calls) or 'no'} nearest-neighbours estimators are made here")
    return calls[0]


def _set(script: Script, name: str, position: int | None, value: Value) -> Edited:
    """Give the estimator's parameter a value, where it is written or as a new keyword."""
    call, changes = _estimator(script), Changes()
    _check_search(script, name)
    given = argument(call, name, position=position)
    if given is None:
        changes.replaced[call] = with_keyword(script, call, name, value)
    else:
        write(script, changes, given.value, value)
    return changes.applied_to(script)


def _check_search(script: Script, name: str) -> None:
    """Refuse where a search goes through values of the parameter: it would set its own over the new one."""
    if not any(SEARCH.search(script.code(call.func)) for call in script.calls):
        return
    keys = m.findall(script.module, m.DictElement(key=m.SimpleString()))
    texts = [
        str(key.key.evaluated_value)
        for key in keys
        if isinstance(key, cst.DictElement) and isinstance(key.key, cst.SimpleString)
    ]
    texts += [
        arg.keyword.value for call in script.calls if dotted(call.func) == "dict" for arg in call.args if arg.keyword
    ]
    if any(text.rpartition("__")[2] == name for text in texts):
        raise NotUnderstoodError(f"a search goes through values of {name} already")


def _read_neighbours(script: Script) -> Setting:
    _check_search(script, "n_neighbors")
    given = argument(_estimator(script), "n_neighbors", position=0)
    return DEFAULT_NEIGHBOURS if given is None else whole(read(script, given.value))


def _apply_neighbours(script: Script, neighbours: Setting) -> Edited:
    return _set(script, "n_neighbors", 0, whole(neighbours))


def _read_weights(script: Script) -> Setting:
    _check_search(script, "weights")
    given = argument(_estimator(script), "weights")
    return UNIFORM if given is None else read(script, given.value)


def _apply_weights(script: Script, weights: Setting) -> Edited:
    if _read_weights(script) == weights:
        raise NotUnderstoodError(f"the neighbours' weights are {weights} already")
    return _set(script, "weights", None, str(weights))


NEIGHBOURS = Edit(
    Knob(
        "neighbours",
        "neighbours",
        lambda before, after: f"{after} neighbours are asked instead of {before}",
        lambda _: Whole(1, 30),
    ),
    _apply_neighbours,
    _read_neighbours,
)
WEIGHTS = Edit(
    Knob(
        "weights",
        "neighbours",
        lambda _, after: "near neighbours count more than far ones" if after == "distance" else "all count the same",
        lambda before: Choice(("distance",) if before == UNIFORM else (UNIFORM,)),
    ),
    _apply_weights,
    _read_weights,
)
