"""Augment the pictures while training: a little shifted, rotated or mirrored each time."""

from __future__ import annotations

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import AUGMENT
from services.tweaker.edits.on_keras.in_front import put_in_front
from services.tweaker.edits.on_keras.insertion import layer_class
from services.tweaker.edits.on_keras.layers import SHAPES, Layer, argument_text
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.sequential import with_parts
from services.tweaker.source import Changes, NotUnderstoodError, Script
from services.tweaker.source.arguments import quote, without
from trainyard.trial import Setting

USUAL = "shift+rotate"
PARTS = {
    "flip": "RandomFlip({quote}horizontal{quote})",
    "shift": "RandomTranslation(0.1, 0.1)",
    "rotate": "RandomRotation(0.05)",
    "zoom": "RandomZoom(0.1)",
}
OVER_PICTURES = frozenset({"Conv2D", "Convolution2D", "SeparableConv2D"})


def _first(script: Script) -> Layer:
    """Return the first convolution over pictures; the layers before it prepare them."""
    layers = find_network(script).layers
    kinds = [part.kind for layer in layers for part in with_parts(script, layer)]
    if any(kind.startswith("Random") for kind in kinds) or "ImageDataGenerator" in script.module.code:
        raise NotUnderstoodError("the training uses data augmentation already")
    first = next((layer for layer in layers if layer.kind in OVER_PICTURES), None)
    if first is None:
        raise NotUnderstoodError("the network has no convolution over pictures")
    return first


def _augment(script: Script, changes: Changes, first: Layer, setting: Setting) -> None:
    network, names = find_network(script), str(setting or USUAL).split("+")
    if not set(names) <= set(PARTS):
        raise NotUnderstoodError(f"{setting!r} is not a data augmentation")
    call, shape = without(first.call, SHAPES)
    if shape:
        changes.replaced[first.call] = call
    texts: list[str] = []
    for name in names:
        kind, _, given = PARTS[name].format(quote=quote(script)).partition("(")
        arguments = [given.removesuffix(")"), *(argument_text(script, arg) for arg in shape if not texts)]
        texts.append(f"{layer_class(script, changes, network, kind, first)}({', '.join(arguments)})")
    put_in_front(script, changes, network, first, *texts)


EDIT = site_edit(AUGMENT, _first, _augment)
