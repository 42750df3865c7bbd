"""Start from weights that suit the activation: He et al. 2015, arXiv 1502.01852; all equal ones never learn apart."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import INITIALIZER
from services.tweaker.edits.on_keras.layers import WEIGHING
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.spelling import name_of, write_name
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

NAMES = ("kernel_initializer", "init")
GOOD = frozenset({"he_normal", "he_uniform", "glorot_normal", "glorot_uniform", "lecun_normal", "lecun_uniform"})
POOR = frozenset(
    {"zeros", "zero", "ones", "one", "constant", "uniform", "random_uniform", "normal", "random_normal", "identity"}
)


def _poor(script: Script) -> list[cst.BaseExpression]:
    """Return where the author says how weights start, and that is poor."""
    layers = [layer for layer in find_network(script).layers if layer.kind in WEIGHING]
    given = [argument(layer.call, *NAMES) for layer in layers]
    poor = {id(arg.value): arg.value for arg in given if arg is not None and name_of(script, arg.value) in POOR}
    if not poor:
        raise NotUnderstoodError("no layer is told to start from poor weights")
    return list(poor.values())


def _read(script: Script) -> Setting:
    """Return the names of the poor initializers, each once."""
    return ",".join(dict.fromkeys(name_of(script, node) for node in _poor(script)))


def _apply(script: Script, setting: Setting) -> Edited:
    changes, wanted = Changes(), str(setting)
    if wanted not in GOOD:
        raise NotUnderstoodError(f"{wanted!r} is no initializer that is known")
    for node in _poor(script):
        write_name(script, changes, node, wanted)
    return changes.applied_to(script)


EDIT = Edit(INITIALIZER, _apply, _read)
