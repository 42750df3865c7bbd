"""Weight the classes: rows of a rare class count more, by as much as it is rarer than the average class."""

import re

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import CLASS_WEIGHT
from services.tweaker.edits.on_keras.layers import single_fit
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.output import BINARY, ONE_HOT, SPARSE, loss_of
from services.tweaker.edits.on_keras.training_data import arrays
from services.tweaker.edits.on_keras.units import width_argument
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, free_name, imports, line, read
from services.tweaker.source.arguments import quote, with_keyword
from trainyard.trial import Setting

_SKLEARN = re.compile(r"^\s*(from|import) sklearn\b", re.MULTILINE)


def _labels(script: Script) -> tuple[cst.Call, str]:
    """Return the one fit, and its labels as source."""
    network = find_network(script)
    fit = single_fit(network)
    if argument(fit, "class_weight", "sample_weight") is not None:
        raise NotUnderstoodError("the training already weights its rows")
    _, given = arrays(script, fit)
    if given is None or not m.matches(given, m.Name() | m.Attribute() | m.Subscript()):
        raise NotUnderstoodError("the labels of the training were not found")
    loss, _ = loss_of(script)
    if loss not in {ONE_HOT, BINARY, SPARSE}:
        raise NotUnderstoodError(f"the loss {loss} does not show how the labels are encoded")
    units = width_argument(network.output)
    if loss == BINARY and (units is None or read(script, units) != 1):
        raise NotUnderstoodError("a row may have several labels")
    return fit, script.code(given)


def _weight(script: Script, changes: Changes, site: tuple[cst.Call, str], _: Setting) -> None:
    fit, labels = site
    numpy = imports.package(script, changes, "numpy", "np", fit)
    is_one_hot = loss_of(script)[0] == ONE_HOT
    numbers = f"{numpy}.argmax({labels}, axis=1)" if is_one_hot else f"{numpy}.ravel({labels})"
    weights = free_name(script, changes, "class_weight")
    above = script.statement(fit)
    first, *others = _weights(script, changes, fit, numpy, numbers, weights)
    changes.put_before(above, [line(first, like=above), *(line(text) for text in others)])
    changes.replaced[fit] = with_keyword(script, fit, "class_weight", cst.Name(weights))


def _weights(script: Script, changes: Changes, fit: cst.Call, numpy: str, numbers: str, weights: str) -> list[str]:
    classes, counts = (free_name(script, changes, name) for name in ("classes", "counts"))
    if not _SKLEARN.search(script.module.code):
        return [
            f"{classes}, {counts} = {numpy}.unique({numbers}, return_counts=True)",
            f"{weights} = dict(zip({classes}, {counts}.sum() / (len({classes}) * {counts})))",
        ]
    compute = imports.imported(script, changes, "sklearn.utils.class_weight", "compute_class_weight", fit)
    labels, mark = free_name(script, changes, "train_classes"), quote(script)
    return [
        f"{labels} = {numbers}",
        f"{classes} = {numpy}.unique({labels})",
        f"{weights} = dict(zip({classes}, {compute}({mark}balanced{mark}, classes={classes}, y={labels})))",
    ]


EDIT = site_edit(CLASS_WEIGHT, _labels, _weight)
