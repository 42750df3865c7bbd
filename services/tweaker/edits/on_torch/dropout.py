"""Drop a part of the activations of a network of PyTorch while training."""

from dataclasses import dataclass

import libcst as cst

from services.tweaker.edits.edit import as_float, site_edit, to_change
from services.tweaker.edits.knobs import DROPOUT
from services.tweaker.edits.on_torch.insertion import put_before
from services.tweaker.edits.on_torch.networks import Step, find_network, linears, output_of
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, read, write
from services.tweaker.source.arguments import with_keyword
from trainyard.trial import Setting

NONE, DEFAULT = 0.0, 0.5
LAYERS = frozenset({"Dropout", "Dropout1d", "Dropout2d", "AlphaDropout"})


@dataclass(frozen=True)
class _Dropout:
    """A call that creates or applies dropout, and what gives its rate."""

    call: cst.Call
    given: cst.BaseExpression | None


Rates = dict[_Dropout, float]


def _rates(script: Script) -> Rates:
    found = [_dropout(step) for step in find_network(script) if step.name in LAYERS | {"dropout"}]
    return {each: DEFAULT if each.given is None else as_float(read(script, each.given)) for each in found if each}


def _dropout(step: Step) -> _Dropout | None:
    call, position = (step.call, 0) if step.call is not None else (step.applied, 1)
    given = argument(call, "p", position=position) if call is not None else None
    return _Dropout(call, given) if call is not None else None


def _change(script: Script, changes: Changes, rates: Rates, setting: Setting) -> None:
    rate = as_float(setting)
    for dropout in to_change(rates, rate):
        if dropout.given is None:
            changes.replaced[dropout.call] = with_keyword(script, dropout.call, "p", rate)
        else:
            write(script, changes, dropout.given, rate)
    if not rates and rate > NONE:
        steps = find_network(script)
        if len(linears(steps)) == 1:
            raise NotUnderstoodError("the network has no hidden layer whose activations could be dropped")
        put_before(script, changes, output_of(steps), [("dropout", f"Dropout({rate:g})")])


EDIT = site_edit(DROPOUT, _rates, _change, lambda _, rates: max(rates.values(), default=NONE))
