"""Have rows of rare classes count more: by as much as they are rarer than the average class."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import CLASS_WEIGHT
from services.tweaker.edits.on_keras.compiling import loss_of
from services.tweaker.edits.on_keras.layers import Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.placing import free_name
from services.tweaker.edits.on_keras.spelling import with_argument
from services.tweaker.edits.on_keras.widths import NAMES as WIDTHS
from services.tweaker.source import imports
from services.tweaker.source.arguments import quote
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.literals import read
from services.tweaker.source.rewrite import Changes, Edited, line
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

ONE_HOT = "categorical_crossentropy"
WEIGHTS = "class_weight"
_SKLEARN = re.compile(r"^\s*(from|import) sklearn\b", re.MULTILINE)
BINARY = "binary_crossentropy"
BY_NUMBER = frozenset({"sparse_categorical_crossentropy", BINARY})


def _labels(script: Script, network: Network) -> tuple[cst.Call, str]:
    """Return the one fit, and its labels as source.

    Raises:
        NotUnderstoodError: They are not seen, or classes are weighted already.
    """
    if len(network.fits) != 1:
        raise NotUnderstoodError(f"the network is trained by {len(network.fits)} calls that are seen")
    fit = network.fits[0]
    if argument(fit, "class_weight", "sample_weight") is not None:
        raise NotUnderstoodError("the training weights its rows already")
    given = argument(fit, "y", position=1)
    if given is None or not m.matches(given.value, m.Name() | m.Attribute() | m.Subscript()):
        raise NotUnderstoodError("the labels that the network is trained on are not seen")
    loss, _ = loss_of(script, network)
    if loss != ONE_HOT and loss not in BY_NUMBER:
        raise NotUnderstoodError(f"the loss {loss} does not tell how the labels are written")
    units = argument(network.output.call, *WIDTHS, position=0)
    if loss == BINARY and (units is None or read(script, units.value) != 1):
        raise NotUnderstoodError("the labels are not of one class each")
    return fit, script.code(given.value)


def _read(script: Script) -> Setting:
    """Find nothing to choose, where classes can be weighted."""
    _labels(script, find_network(script))
    return None


def _apply(script: Script, _: Setting) -> Edited:
    network, changes = find_network(script), Changes()
    fit, labels = _labels(script, network)
    numpy = imports.numpy(script, changes, fit)
    is_one_hot = loss_of(script, network)[0] == ONE_HOT
    numbers = f"{numpy}.argmax({labels}, axis=1)" if is_one_hot else f"{numpy}.ravel({labels})"
    above = script.statement(fit)
    first, *others = _weights(script, changes, fit, numpy, numbers)
    changes.put_before(above, [line(first, like=above), *(line(text) for text in others)])
    changes.replaced[fit] = with_argument(script, fit, "class_weight", free_name(script, Changes(), WEIGHTS))
    return changes.applied_to(script)


def _weights(script: Script, changes: Changes, fit: cst.Call, numpy: str, numbers: str) -> list[str]:
    """Return the statements that work out the weights."""
    classes, counts, weights = (free_name(script, changes, name) for name in ("classes", "counts", WEIGHTS))
    if not _SKLEARN.search(script.module.code):
        return [
            f"{classes}, {counts} = {numpy}.unique({numbers}, return_counts=True)",
            f"{weights} = dict(zip({classes}, {counts}.sum() / (len({classes}) * {counts})))",
        ]
    made, mark = (
        imports.imported(script, changes, "sklearn.utils.class_weight", "compute_class_weight", fit),
        quote(script),
    )
    labels = free_name(script, changes, "train_classes")
    return [
        f"{labels} = {numbers}",
        f"{classes} = {numpy}.unique({labels})",
        f"{weights} = dict(zip({classes}, {made}({mark}balanced{mark}, classes={classes}, y={labels})))",
    ]


EDIT = Edit(CLASS_WEIGHT, _apply, _read)
