"""Scale the inputs inside a Keras network, so that the saved model needs no scaler beside it."""

import re
from itertools import takewhile

import libcst as cst
import libcst.matchers as m

from services.tweaker.edits.assignments import assignments, names_in
from services.tweaker.edits.edit import as_float, site_edit
from services.tweaker.edits.knobs import SCALE_INPUTS
from services.tweaker.edits.on_keras.insertion import layer_class, put_in_front, take_shape
from services.tweaker.edits.on_keras.layers import TRAINABLE, UNKNOWN, Network
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.sequential import with_parts
from services.tweaker.edits.on_keras.training_data import arrays
from services.tweaker.source import Changes, NotUnderstoodError, Script, free_name, imports, line
from trainyard.trial import Setting

SCALING = frozenset({"Normalization", "BatchNormalization", "Rescaling", "LayerNormalization"})
NOT_NUMBERS = frozenset({"Embedding", "TextVectorization", "StringLookup", "CategoryEncoding", "Hashing"})
QUICK = "momentum=0.9"
"""With the usual 0.99 a short training ends before the layer has learned mean and variance."""
BRIGHTEST = 255.0
_NAMES = ("normalization", "input_normalization", "normalization_of_inputs")
_IMAGE_FILES = re.compile(r"\b(image_dataset_from_directory|flow_from_directory|flow_from_dataframe)\b")
_FRAMES = re.compile(r"^\s*(from|import) pandas\b", re.MULTILINE)
"""A data frame of numbers and booleans becomes an array of objects."""
_SCALED_FILES = re.compile(r"\brescale\s*=|\b255|\bpreprocess_input\b|\bpreprocessing_function\b")


def _unscaled(script: Script) -> Network:
    """Return the network; refuse one that scales already, and one whose inputs must not be scaled."""
    network = find_network(script)
    scaling = _scaling(script, network)
    if scaling is not None:
        raise NotUnderstoodError(f"the network already begins with {scaling}")
    if network.of_kind(NOT_NUMBERS):
        raise NotUnderstoodError("the network takes text or categories, not numbers")
    if network.first.kind == UNKNOWN:
        called = script.code(network.first.call.func)
        raise NotUnderstoodError(f"the network begins with {called}, which may scale by itself")
    if len(network.of_kind({"Input"})) > 1:
        raise NotUnderstoodError("the network has several inputs")
    if _IMAGE_FILES.search(script.module.code) and _SCALED_FILES.search(script.module.code):
        raise NotUnderstoodError("the images are scaled when they are read")
    return network


def _scaling(script: Script, network: Network) -> str | None:
    """Return the first kind of layer that scales before the first trainable one, in a first block too."""
    before = takewhile(lambda layer: layer.kind not in TRAINABLE, network.layers)
    kinds = [part.kind for layer in before for part in with_parts(script, layer)]
    return next((kind for kind in kinds if kind in SCALING), None)


def _scale(script: Script, changes: Changes, network: Network, setting: Setting) -> None:
    """Put a scaling layer in front of the network.

    With a setting, the largest value of a pixel, inputs are divided by it. Without one, every column is standardized:
    with the mean and variance of what `fit` is given, if that is known where the network begins, else batch by batch.
    Images that are read from files are divided by 255.
    """
    largest = None if setting is None else as_float(setting)
    if largest is None and _IMAGE_FILES.search(script.module.code):
        largest = BRIGHTEST
    shape = take_shape(script, changes, network.first)
    trained_on = None if largest is not None else _trained_on(script, network)
    if trained_on is not None:
        text = _adapted(script, changes, network, shape, trained_on)
    else:
        kind, how = ("BatchNormalization", QUICK) if largest is None else ("Rescaling", f"1. / {largest:g}")
        text = f"{layer_class(script, changes, kind, network.first)}({', '.join([how, *shape])})"
    put_in_front(script, changes, network.first, text)


def _adapted(script: Script, changes: Changes, network: Network, shape: list[str], trained_on: str) -> str:
    """Create a Normalization layer before the network begins and adapt it; return its name."""
    layer = layer_class(script, changes, "Normalization", network.start)
    array = imports.package(script, changes, "numpy", "np", network.start)
    name = free_name(script, changes, *_NAMES)
    kind = ", dtype=float" if _FRAMES.search(script.module.code) else ""
    created = line(f"{name} = {layer}({', '.join(shape)})", like=network.start)
    changes.put_before(network.start, [created, line(f"{name}.adapt({array}.asarray({trained_on}{kind}))")])
    return name


def _trained_on(script: Script, network: Network) -> str | None:
    """Return the inputs that the network is trained on, as source, if they are known where the network begins."""
    start = script.line(network.start)
    later = [call for call in network.fits if script.line(call) > start]
    given = [inputs for inputs, labels in (arrays(script, call) for call in later) if labels is not None]
    inputs = [each for each in given if each is not None and _is_known(script, each, start)]
    is_same = len({script.code(each) for each in inputs}) == 1 and len(inputs) == len(later)
    near = all(script.scope(call) is script.scope(network.start) for call in later)
    return script.code(inputs[0]) if is_same and near else None


def _is_known(script: Script, node: cst.BaseExpression, line_number: int) -> bool:
    """Return whether names, or a part of what a name stands for, have their final value before that line."""
    if not m.matches(node, m.Name() | m.Subscript(value=m.Name())):
        return False
    assigned = [assignments(script, name) for name in names_in(node)]
    return all(found and all(script.line(each.node) < line_number for each in found) for found in assigned)


EDIT = site_edit(SCALE_INPUTS, _unscaled, _scale)
