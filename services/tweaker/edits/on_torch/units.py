"""Make narrow hidden layers of a network of PyTorch wider, and what follows them take as many inputs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import libcst as cst

from services.tweaker.edits.edit import Edit, whole
from services.tweaker.edits.knobs import UNITS
from services.tweaker.edits.on_torch.networks import Step, find_network, linears
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import literal_of, read, spelled
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from services.tweaker.source.values import names
from services.tweaker.source.values.places import Var
from services.tweaker.source.values.trace import trace
from trainyard.trial import Setting

SAME_WIDTH = frozenset(
    {"ReLU", "LeakyReLU", "ELU", "SELU", "GELU", "SiLU", "Tanh", "Sigmoid", "Softplus", "Dropout", "Hardswish", "Mish"}
    | {"relu", "leaky_relu", "elu", "selu", "gelu", "silu", "tanh", "sigmoid", "softplus", "dropout"}
)
"""What may stand between two layers Linear without a width of its own."""
NORMS = frozenset({"BatchNorm1d"})


@dataclass(frozen=True)
class Width:
    """How wide one hidden layer is, and every place that says so."""

    value: int
    places: tuple[cst.BaseExpression, ...]


def hidden(script: Script) -> list[Width]:
    """Return the widths of the hidden layers that are certain.

    Raises:
        NotUnderstoodError: There are none.
    """
    steps = find_network(script)
    at = linears(steps)
    made = [id(step.made) for step in steps if step.name in {"Linear", *NORMS}]
    if len(set(made)) != len(made):
        raise NotUnderstoodError("a layer is applied twice")
    pairs = pairwise(at)
    found = [width for first, second in pairs if (width := _between(script, steps[first : second + 1])) is not None]
    if not found:
        raise NotUnderstoodError("the network has no hidden layer Linear whose width is certain")
    return found


def _between(script: Script, steps: tuple[Step, ...]) -> Width | None:
    """Return the width between the first and the last of *steps*, both Linear; None where it is not certain."""
    inner = steps[1:-1]
    if any(step.name not in SAME_WIDTH | NORMS for step in inner):
        return None
    places = [_given(steps[0], "out_features", 1), _given(steps[-1], "in_features", 0)]
    places += [_given(step, "num_features", 0) for step in inner if step.name in NORMS]
    known = [place for place in places if place is not None]
    try:
        values = {whole(read(script, place)) for place in known}
    except NotUnderstoodError:
        return None
    return Width(values.pop(), tuple(known)) if len(values) == 1 and len(known) == len(places) else None


def _given(step: Step, name: str, position: int) -> cst.BaseExpression | None:
    found = argument(step.made, name, position=position) if step.made is not None else None
    return found.value if found is not None else None


def _read(script: Script) -> Setting:
    return tuple(width.value for width in hidden(script))


def _apply(script: Script, setting: Setting) -> Edited:
    changes, at_least = Changes(), whole(setting)
    narrow = [width for width in hidden(script) if width.value < at_least]
    if not narrow:
        raise NotUnderstoodError(f"every hidden layer has {setting} units or more")
    places = [place for width in narrow for place in width.places]
    for place in places:
        changes.replaced[_written(script, place, places)] = spelled(at_least)
    return changes.applied_to(script)


def _written(script: Script, place: cst.BaseExpression, places: list[cst.BaseExpression]) -> cst.BaseExpression:
    """Return what to replace: the literal behind a name if the name says nothing but these widths, else the place."""
    reads = list(_reads(script, place))
    if reads and all(any(use is each for each in places) for use in reads):
        return literal_of(script, place)
    return place


def _reads(script: Script, place: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    """Yield every place where a name or key on the way to the value is read, but the steps of that way."""
    hops = trace(script, place).hops
    on_the_way = [hop.at.node for hop in hops[1:]]
    for hop in hops:
        for binding in hop.through:
            if not isinstance(binding, Var):
                yield script.module
                continue
            yield from (at.node for at in names.reads(binding) if all(at.node is not each for each in on_the_way))


EDIT = Edit(UNITS, _apply, _read)
