"""Scale the inputs inside a Keras network, so that the saved model needs no scaler beside it."""

from __future__ import annotations

import re

import libcst as cst
import libcst.matchers as m
from libcst.metadata import Assignment

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import SCALE_INPUTS
from services.tweaker.edits.on_keras.layers import SHAPES, UNKNOWN, WEIGHING, Network, written
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.placing import class_beside, free_name, put_in_front
from services.tweaker.edits.on_keras.sequential import sequential
from services.tweaker.source import imports
from services.tweaker.source.arguments import without
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited, line
from services.tweaker.source.script import Script, argument
from trainyard.trial import Setting

SCALING = frozenset({"Normalization", "BatchNormalization", "Rescaling", "LayerNormalization"})
NOT_NUMBERS = frozenset({"Embedding", "TextVectorization", "StringLookup", "CategoryEncoding", "Hashing"})
QUICK = "momentum=0.9"
"""With the usual 0.99 a short training ends before the layer knows mean and spread."""
BRIGHTEST = 255.0
_NAMES = ("normalization", "input_normalization", "normalization_of_inputs")
_PICTURE_FILES = re.compile(r"\b(image_dataset_from_directory|flow_from_directory|flow_from_dataframe)\b")
_FRAMES = re.compile(r"^\s*(from|import) pandas\b", re.MULTILINE)
"""A data frame of numbers and of truths is an array of objects."""
_SCALED_FILES = re.compile(r"\brescale\s*=|\b255|\bpreprocess_input\b|\bpreprocessing_function\b")


def scale(script: Script, largest: float | None = None) -> Edited:
    """Return the source with a scaling layer in front of the network.

    Args:
        script: The author's script.
        largest: The largest value of a picture's points: they are divided by it. Without it every column
            is brought to mean 0 and spread 1: by what `fit` is given if the network begins after it is known, else
            batch by batch. Pictures that come from files are divided by 255.

    Raises:
        NotUnderstoodError: There is no network here, or it scales already, or it takes no numbers.
    """
    network = _unscaled(script)
    if largest is None and _PICTURE_FILES.search(script.module.code):
        largest = BRIGHTEST
    changes = Changes()
    shape = _take_shape(script, changes, network)
    trained_on = None if largest is not None else _trained_on(script, network)
    if trained_on is not None:
        text = _adapted(script, changes, network, shape, trained_on)
    else:
        kind, how = ("BatchNormalization", QUICK) if largest is None else ("Rescaling", f"1. / {largest:g}")
        name = class_beside(script, changes, network, kind, network.first)
        text = f"{name}({', '.join([how, *shape])})"
    put_in_front(script, changes, network, network.first, text)
    return changes.applied_to(script)


def _unscaled(script: Script) -> Network:
    """Return the network; refuse one that scales already, and one whose inputs must not be scaled."""
    network = find_network(script)
    first = network.first
    for kind in _front(script, network):
        if kind in SCALING:
            raise NotUnderstoodError(f"the network begins with {kind} already")
    if network.kinds() & NOT_NUMBERS:
        raise NotUnderstoodError("the network takes words or categories, not measured numbers")
    if first.kind == UNKNOWN:
        raise NotUnderstoodError(f"the network begins with {script.code(first.call.func)}, which may scale by itself")
    if len([layer for layer in network.layers if layer.kind == "Input"]) > 1:
        raise NotUnderstoodError("the network has several inputs")
    if _PICTURE_FILES.search(script.module.code) and _SCALED_FILES.search(script.module.code):
        raise NotUnderstoodError("the pictures are scaled when they are read")
    return network


def _front(script: Script, network: Network) -> list[str]:
    """Return the kinds of the layers before the first that has weights to learn, parts of a first block included."""
    kinds: list[str] = []
    for layer in network.layers:
        if layer.kind in WEIGHING:
            break
        kinds += [part.kind for part in sequential(script, layer.call)] if layer.kind == "Sequential" else [layer.kind]
    return kinds


def _take_shape(script: Script, changes: Changes, network: Network) -> list[str]:
    """Take the input's shape off the layer that comes second from now on; returns it as source."""
    call, taken = without(network.first.call, SHAPES)
    if taken:
        changes.replaced[network.first.call] = call
    return [written(script, arg) for arg in taken]


def _adapted(script: Script, changes: Changes, network: Network, shape: list[str], trained_on: str) -> str:
    """Make a Normalization layer before the network begins and adapt it; returns its name."""
    layer = class_beside(script, changes, network, "Normalization", network.start)
    array = imports.numpy(script, changes, network.start)
    name = free_name(script, changes, *_NAMES)
    kind = ", dtype=float" if _FRAMES.search(script.module.code) else ""
    made = line(f"{name} = {layer}({', '.join(shape)})", like=network.start)
    changes.put_before(network.start, [made, line(f"{name}.adapt({array}.asarray({trained_on}{kind}))")])
    return name


def _trained_on(script: Script, network: Network) -> str | None:
    """Return what the network is trained on, as source, if that is known where the network begins."""
    later = [call for call in network.fits if script.line(call) > script.line(network.start)]
    if len(later) != 1 or script.scope(later[0]) is not script.scope(network.start):
        return None
    given, labels = argument(later[0], "x", position=0), argument(later[0], "y", position=1)
    if given is None or labels is None or not _is_known(script, given.value, script.line(network.start)):
        return None
    return script.code(given.value)


def _is_known(script: Script, node: cst.BaseExpression, line_number: int) -> bool:
    """Tell whether *node* has its final value before that line: names, and parts of what names stand for."""
    if not m.matches(node, m.Name() | m.Subscript(value=m.Name())):
        return False
    names = {found.value for found in m.findall(node, m.Name()) if isinstance(found, cst.Name)}
    assigned = {name: list(script.scope(node)[name]) for name in names}
    return all(assigned.values()) and all(
        isinstance(each, Assignment) and script.line(each.node) < line_number
        for found in assigned.values()
        for each in found
    )


def _read(script: Script) -> Setting:
    """Find nothing to choose, where the inputs can be scaled."""
    _unscaled(script)
    return None


def _apply(script: Script, largest: Setting) -> Edited:
    return scale(script, float(largest) if isinstance(largest, int | float) else None)


EDIT = Edit(SCALE_INPUTS, _apply, _read)
