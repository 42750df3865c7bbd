"""Start from weights that suit the activation: He et al. 2015, arXiv 1502.01852; equal weights never learn apart."""

from __future__ import annotations

import libcst as cst

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import INITIALIZER
from services.tweaker.edits.on_keras.layers import TRAINABLE
from services.tweaker.edits.on_keras.named import name_of, write_name
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument
from trainyard.trial import Setting

KEYWORDS = ("kernel_initializer", "init")
GOOD = frozenset({"he_normal", "he_uniform", "glorot_normal", "glorot_uniform", "lecun_normal", "lecun_uniform"})
POOR = frozenset(
    {"zeros", "zero", "ones", "one", "constant", "uniform", "random_uniform", "normal", "random_normal", "identity"}
)


def _poor(script: Script) -> list[cst.BaseExpression]:
    """Return the poor initializers as they are written."""
    given = [argument(layer.call, *KEYWORDS) for layer in find_network(script).of_kind(TRAINABLE)]
    poor = [node for node in given if node is not None and name_of(script, node) in POOR]
    if not poor:
        raise NotUnderstoodError("no layer has a poor initializer")
    return list(dict.fromkeys(poor))


def _read(script: Script, poor: list[cst.BaseExpression]) -> Setting:
    return ",".join(dict.fromkeys(name_of(script, node) for node in poor))


def _change(script: Script, changes: Changes, poor: list[cst.BaseExpression], setting: Setting) -> None:
    if setting not in GOOD:
        raise NotUnderstoodError(f"the initializer {setting!r} is not known")
    for node in poor:
        write_name(script, changes, node, str(setting))


EDIT = site_edit(INITIALIZER, _poor, _change, _read)
