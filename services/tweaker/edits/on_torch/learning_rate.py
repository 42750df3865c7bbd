"""Set the learning rate of an optimizer of PyTorch."""

from __future__ import annotations

from services.tweaker.edits.edit import Edit, number
from services.tweaker.edits.knobs import LEARNING_RATE
from services.tweaker.edits.on_torch.training import optimizer
from services.tweaker.source.arguments import with_keyword
from services.tweaker.source.literals import given, read, write
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

DEFAULT_RATE = {"Adadelta": 1.0, "RMSprop": 0.01, "Adagrad": 0.01, "ASGD": 0.01, "LBFGS": 1.0, "Adamax": 0.002}
USUAL_RATE = 0.001


def _read(script: Script) -> Setting:
    name, call = optimizer(script)
    rate = given(script, call, "lr", position=1)
    return DEFAULT_RATE.get(name, USUAL_RATE) if rate is None else number(read(script, rate))


def _apply(script: Script, setting: Setting) -> Edited:
    (_, call), changes = optimizer(script), Changes()
    rate = given(script, call, "lr", position=1)
    if rate is None:
        changes.replaced[call] = with_keyword(script, call, "lr", number(setting))
    else:
        write(script, changes, rate, number(setting))
    return changes.applied_to(script)


EDIT = Edit(LEARNING_RATE, _apply, _read)
