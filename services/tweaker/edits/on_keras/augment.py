"""Show the training each picture a little different every time: shifted, turned, mirrored; only while it trains."""

from __future__ import annotations

from services.tweaker.edits.edit import Edit
from services.tweaker.edits.knobs import AUGMENT
from services.tweaker.edits.on_keras.layers import SHAPES, Layer, Network, written
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.placing import class_beside, put_in_front
from services.tweaker.edits.on_keras.sequential import sequential
from services.tweaker.source.arguments import quote, without
from services.tweaker.source.errors import NotUnderstoodError
from services.tweaker.source.rewrite import Changes, Edited
from services.tweaker.source.script import Script
from trainyard.trial import Setting

USUAL = "shift+rotate"
PARTS = {
    "flip": "RandomFlip({quote}horizontal{quote})",
    "shift": "RandomTranslation(0.1, 0.1)",
    "rotate": "RandomRotation(0.05)",
    "zoom": "RandomZoom(0.1)",
}
OVER_PICTURES = frozenset({"Conv2D", "Convolution2D", "SeparableConv2D"})


def _first(script: Script, network: Network) -> Layer:
    """Return the first layer that goes over pictures; what stands before it brings them into shape.

    Raises:
        NotUnderstoodError: There is none, or pictures are varied already.
    """
    kinds = set(network.kinds())
    for layer in network.layers:
        kinds |= {part.kind for part in sequential(script, layer.call)} if layer.kind == "Sequential" else set()
    if any(kind.startswith("Random") for kind in kinds) or "ImageDataGenerator" in script.module.code:
        raise NotUnderstoodError("the training's pictures are varied already")
    found = [layer for layer in network.layers if layer.kind in OVER_PICTURES]
    if not found:
        raise NotUnderstoodError("the network has no convolution over pictures")
    return found[0]


def _read(script: Script) -> Setting:
    """Find nothing that is varied yet."""
    _first(script, find_network(script))
    return None


def _apply(script: Script, setting: Setting) -> Edited:
    changes, network = Changes(), find_network(script)
    first, names = _first(script, network), str(setting or USUAL).split("+")
    if not set(names) <= set(PARTS):
        raise NotUnderstoodError(f"{setting!r} does not say how to vary pictures")
    call, shape = without(first.call, SHAPES)
    if shape:
        changes.replaced[first.call] = call
    texts: list[str] = []
    for name in names:
        kind, _, given = PARTS[name].format(quote=quote(script)).partition("(")
        shaped = [given.removesuffix(")"), *(written(script, arg) for arg in shape if not texts)]
        texts.append(f"{class_beside(script, changes, network, kind, first)}({', '.join(shaped)})")
    put_in_front(script, changes, network, first, *texts)
    return changes.applied_to(script)


EDIT = Edit(AUGMENT, _apply, _read)
