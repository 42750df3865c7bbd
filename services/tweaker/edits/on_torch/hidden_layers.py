"""Make the hidden layers of a network of PyTorch wider, with the inputs of what follows, or add one."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

import libcst as cst

from services.tweaker.edits.edit import as_int, int_or_none, site_edit
from services.tweaker.edits.knobs import DENSE_LAYER, UNITS
from services.tweaker.edits.on_torch.insertion import put_before
from services.tweaker.edits.on_torch.networks import Step, find_network, is_literal_or_name, linears, output_of
from services.tweaker.source import Changes, NotUnderstoodError, Script, as_code, literal_of
from services.tweaker.source.literals import trace
from services.tweaker.source.script import At, Var
from services.tweaker.source.values import names
from trainyard.trial import Setting

SAME_WIDTH = frozenset(
    {"ReLU", "LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "Tanh", "Sigmoid", "Softplus", "Dropout", "Hardswish", "Mish"}
    | {"relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "softplus", "dropout"}
)
"""What may stand between two layers Linear without a width of its own."""
NORMS = frozenset({"BatchNorm1d"})
MOST_HIDDEN = 4
USUAL_UNITS = 64

Site = tuple[Step, cst.BaseExpression]
"""The output layer, and what gives the number of its inputs."""


@dataclass(frozen=True)
class Width:
    """The width of one hidden layer, and every expression that gives it."""

    value: int
    places: tuple[cst.BaseExpression, ...]


def _hidden(script: Script) -> list[Width]:
    """Return the widths of the hidden layers that are certain."""
    steps = find_network(script)
    calls = [step.call for step in steps if step.name in {"Linear", *NORMS}]
    if len(set(calls)) != len(calls):
        raise NotUnderstoodError("a layer is applied twice")
    widths = (_between(script, between) for between in _hidden_parts(steps))
    found = [width for width in widths if width is not None]
    if not found:
        raise NotUnderstoodError("the network has no hidden Linear layer whose width is certain")
    return found


def _hidden_parts(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    """Yield the steps from each layer Linear to the next one."""
    positions = [index for index, step in enumerate(steps) if step.name == "Linear"]
    return (steps[first : second + 1] for first, second in pairwise(positions))


def _between(script: Script, steps: tuple[Step, ...]) -> Width | None:
    """Return the width between the first and the last of *steps*, both Linear; None where it is not certain."""
    first, *inner, last = steps
    if any(step.name not in SAME_WIDTH | NORMS for step in inner):
        return None
    norms = [step.argument("num_features", position=0) for step in inner if step.name in NORMS]
    return _agreed(
        script, [first.argument("out_features", position=1), last.argument("in_features", position=0), *norms]
    )


def _agreed(script: Script, given: list[cst.BaseExpression | None]) -> Width | None:
    """Return the width that all of these give; None where they differ, or one is not given."""
    places = tuple(place for place in given if place is not None)
    value, *others = {int_or_none(script, place) for place in given}
    return Width(value, places) if value is not None and not others else None


def _widen(script: Script, changes: Changes, widths: list[Width], setting: Setting) -> None:
    places = [place for width in widths if width.value < as_int(setting) for place in width.places]
    if not places:
        raise NotUnderstoodError(f"every hidden layer has {setting} units or more")
    for place in places:
        changes.replaced[_to_replace(script, place, places)] = as_code(as_int(setting))


def _to_replace(script: Script, place: cst.BaseExpression, places: list[cst.BaseExpression]) -> cst.BaseExpression:
    """Return the literal behind a name if the name gives nothing but these widths, else the place itself."""
    reads = list(_reads(script, place))
    return literal_of(script, place) if reads and set(reads) <= set(places) else place


def _reads(script: Script, place: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    """Yield every place where a name or key on the way to the value is read, but the steps of that way."""
    steps = trace(script, place).steps
    on_the_way = {step.to.node for step in steps if isinstance(step.to, At)}
    for binding in chain.from_iterable(step.through for step in steps):
        if isinstance(binding, Var):
            yield from (at.node for at in names.reads(binding) if at.node not in on_the_way)
        else:
            yield script.module


def _output(script: Script) -> Site:
    steps = find_network(script)
    layers, output = linears(steps), output_of(steps)
    if len(layers) > MOST_HIDDEN:
        raise NotUnderstoodError(f"the network already has {len(layers) - 1} hidden layers")
    width = output.argument("in_features", position=0)
    if width is None or not is_literal_or_name(width):
        raise NotUnderstoodError("the number of inputs of the output layer was not found")
    return output, width


def _add(script: Script, changes: Changes, site: Site, setting: Setting) -> None:
    """Put a layer with an activation before the output, which takes its units as inputs."""
    (output, width), units = site, USUAL_UNITS if setting is None else as_int(setting)
    now = script.code(width)
    put_before(script, changes, output, [("hidden", f"Linear({now}, {units})"), ("hidden_relu", "ReLU()")])
    changes.replaced[width] = cst.Integer(str(units))


UNITS_EDIT = site_edit(UNITS, _hidden, _widen, lambda _, widths: tuple(width.value for width in widths))
DENSE_LAYER_EDIT = site_edit(DENSE_LAYER, _output, _add)
