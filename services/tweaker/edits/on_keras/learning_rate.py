"""Set the learning rate of a Keras network: in its optimizer, in a schedule, or where it is set later."""

import re
from dataclasses import dataclass

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import definition, resolved
from services.tweaker.edits.edit import as_float, site_edit
from services.tweaker.edits.knobs import LEARNING_RATE
from services.tweaker.edits.on_keras.layers import KERAS
from services.tweaker.edits.on_keras.optimizer import chosen, keras_class
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, as_code, dotted, given, read, write
from services.tweaker.source.arguments import with_keyword
from trainyard.trial import Setting

DEFAULT_RATE = {"SGD": 0.01}
USUAL_RATE = 0.001
SCHEDULE = re.compile(
    KERAS + r"(?:\w+\.)*(?:ExponentialDecay|CosineDecay|CosineDecayRestarts|InverseTimeDecay|PolynomialDecay)"
)
SCHEDULES = re.compile(KERAS + r"optimizers\.schedules\.\w+")
SCHEDULER = re.compile(KERAS + r"callbacks\.(?:\w+\.)*LearningRateScheduler")
_OF_OPTIMIZER = re.compile(r"(?:\w+\.)*(?:optimizer|opt|optim|adam|sgd|rmsprop)\.(?:learning_rate|lr)", re.IGNORECASE)
_SETS = m.Attribute(attr=m.Name("set_value"))
_ASSIGNS = m.Attribute(attr=m.Name("assign"))


@dataclass(frozen=True)
class _Site:
    """The optimizer's class, the call or text that chooses it, and what gives the rate; None for its default."""

    name: str
    place: cst.Call | cst.SimpleString
    rate: cst.BaseExpression | None


def _find(script: Script) -> _Site:
    name, place = chosen(script)
    return _Site(name, place, _rate(script, place if isinstance(place, cst.Call) else None))


def _read(script: Script, site: _Site) -> Setting:
    return DEFAULT_RATE.get(site.name, USUAL_RATE) if site.rate is None else as_float(read(script, site.rate))


def _change(script: Script, changes: Changes, site: _Site, setting: Setting) -> None:
    rate = as_float(setting)
    if site.rate is not None:
        write(script, changes, site.rate, rate)
    elif isinstance(site.place, cst.Call):
        changes.replaced[site.place] = with_keyword(script, site.place, "learning_rate", rate)
    else:
        text = f"{keras_class(script, changes, site.name, site.place)}(learning_rate={script.code(as_code(rate))})"
        changes.replaced[site.place] = cst.parse_expression(text)


def _rate(script: Script, optimizer: cst.Call | None) -> cst.BaseExpression | None:
    """Return what gives the learning rate; None where the optimizer's default holds."""
    _check_scheduler(script)
    later = _set_later(script)
    if len(later) > 1:
        raise NotUnderstoodError(f"the learning rate is set {len(later)} times")
    if later:
        return later[0]
    node = given(script, optimizer, "learning_rate", "lr", position=0) if optimizer is not None else None
    return _start_of(script, node) if node is not None else None


def _start_of(script: Script, node: cst.BaseExpression) -> cst.BaseExpression:
    """Return the initial rate of a schedule; the node itself where it is no schedule."""
    schedule = resolved(script, node)
    if isinstance(schedule, cst.Call) and script.is_called(schedule, SCHEDULE):
        start = argument(schedule, "initial_learning_rate", position=0)
        if start is None:
            raise NotUnderstoodError("the schedule has no initial learning rate")
        return start
    if isinstance(schedule, cst.Call) and script.is_called(schedule, SCHEDULES):
        raise NotUnderstoodError(f"the learning rate follows {script.code(schedule.func)}")
    return node


def _set_later(script: Script) -> list[cst.BaseExpression]:
    """Return what the optimizer's rate is set to after it was created."""
    assigned = [
        node.value
        for node in script.nodes(cst.Assign)
        if any(_OF_OPTIMIZER.fullmatch(dotted(each.target)) for each in node.targets)
    ]
    return assigned + [value for call in script.calls if (value := _set_by(call)) is not None]


def _set_by(call: cst.Call) -> cst.BaseExpression | None:
    """Return the rate that `K.set_value(optimizer.lr, …)` or `optimizer.lr.assign(…)` sets; None for other calls."""
    if m.matches(call.func, _SETS) and len(call.args) > 1 and _OF_OPTIMIZER.fullmatch(dotted(call.args[0].value)):
        return call.args[1].value
    assigns = isinstance(call.func, cst.Attribute) and m.matches(call.func, _ASSIGNS) and bool(call.args)
    is_rate = assigns and _OF_OPTIMIZER.fullmatch(dotted(cst.ensure_type(call.func, cst.Attribute).value))
    return call.args[0].value if is_rate else None


def _check_scheduler(script: Script) -> None:
    """Refuse where a callback sets the rate of each epoch by itself; one that builds on the current rate is fine."""
    for call in script.calls:
        if script.is_called(call, SCHEDULER) and call.args:
            function = definition(script, call.args[0].value, cst.FunctionDef) or call.args[0].value
            parameters = function.params.params if isinstance(function, cst.FunctionDef | cst.Lambda) else ()
            if len(parameters) != len(("epoch", "rate")):
                raise NotUnderstoodError("a LearningRateScheduler sets the rate of each epoch")


EDIT = site_edit(LEARNING_RATE, _find, _change, _read)
