"""Leave networks alone that are not measured, or with which the author tries settings in a loop."""

import re
from functools import lru_cache

import libcst as cst

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.estimators import kind_of, predictors
from services.tweaker.edits.on_keras.networks import COMPILING, TRAINING, builders_of
from services.tweaker.edits.searches import LOOPS, check_no_search
from services.tweaker.source import AbsentError, Script, called, receiver
from services.tweaker.source.rewrite import Edited
from trainyard.trial import Setting

MADE_OF = re.compile(
    r"(?:tensorflow\.(?:python\.)?|tf_)?keras\.(?:\w+\.)*(?:layers|models|optimizers|regularizers|initializers)\.\w+"
    r"|(?:tensorflow\.(?:python\.)?|tf_)?keras\.(?:Sequential|Model|Input)"
)
"""What a network and its training are made of."""
IN_EPOCHS = frozenset({"epochs", "nb_epoch", "batch_size"})


def outside_searches(edit: Edit) -> Edit:
    """Return the edit, which does not apply to networks of the author's own search, nor where another model counts."""

    def apply(script: Script, setting: Setting) -> Edited:
        _check(script)
        return edit.apply(script, setting)

    def read(script: Script) -> Setting:
        _check(script)
        return edit.read(script)

    return Edit(edit.knob, apply, read)


@lru_cache(maxsize=8)
def _check(script: Script) -> None:
    model = script.counted.model
    if model and model in {kind_of(script, call) for call in predictors(script)}:
        raise AbsentError(f"the measured {model} is no network")
    loops = any(True for kind in LOOPS for _ in script.nodes(kind))
    settings = [arg for call in script.calls for arg in _settings(script, call)] if loops else []
    for fit in _trainings(script) if settings else ():
        subject = receiver(fit)
        for builder in builders_of(script, subject) if subject is not None else ():
            if isinstance(builder, cst.Call):
                check_no_search(script, builder, *settings)


def _trainings(script: Script) -> list[cst.Call]:
    """Return the calls that train; where it is known which of them the measured network is of, that one."""
    fits = [call for call in script.calls if called(call) in TRAINING]
    lines = script.counted.lines
    counted = [fit for fit in fits if any(script.line(fit) <= line <= script.place(fit)[0] for line in lines)]
    return counted or fits


def _settings(script: Script, call: cst.Call) -> list[cst.Arg]:
    """Return the arguments of a call that are settings of a network, or of its training."""
    if called(call) in TRAINING:
        return [arg for arg in call.args if arg.keyword is not None and arg.keyword.value in IN_EPOCHS]
    return list(call.args) if script.is_called(call, MADE_OF) or called(call) in COMPILING else []
