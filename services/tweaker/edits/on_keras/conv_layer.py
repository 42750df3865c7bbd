"""Add a convolution like the last one, with the pooling after it where the map is large enough for that."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import CONV_LAYER
from services.tweaker.edits.on_keras.insertion import put_before
from services.tweaker.edits.on_keras.layers import Layer
from services.tweaker.edits.on_keras.maps import POOLINGS, shorter_side, side_after
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.source import Changes, NotUnderstoodError, Script
from services.tweaker.source.arguments import with_keyword, without
from trainyard.trial import Setting

MOST = 6
SMALLEST = 2
"""A map is not made smaller than that on a side."""
_OWN = frozenset({"input_shape", "batch_input_shape", "name", "strides", "padding", "subsample", "border_mode"})
_CONVOLUTIONS = ("Conv2D", "Convolution2D")
_ENDS = ("Flatten", "GlobalAveragePooling2D", "GlobalMaxPooling2D")


@dataclass(frozen=True)
class _Site:
    """The last convolution, the pooling after it, and the layer before which a further block fits."""

    last: Layer
    pooling: Layer | None
    end: Layer


def _find(script: Script) -> _Site:
    layers = find_network(script).layers
    convolutions = _of_kind(layers, _CONVOLUTIONS)
    ends = _of_kind(layers, _ENDS)
    if not convolutions or not ends:
        raise NotUnderstoodError("the network has no convolutions over pictures whose maps are flattened or averaged")
    last = convolutions[-1]
    if last.repeated or last.optional:
        raise NotUnderstoodError("the last convolution is created in a loop or depends on a condition")
    if len(convolutions) >= MOST:
        raise NotUnderstoodError(f"the network has {len(convolutions)} convolutions already")
    pooling = _of_kind(layers[layers.index(last) : layers.index(ends[0])], POOLINGS)
    return _Site(last, pooling[0] if pooling else None, ends[0])


def _of_kind(layers: Sequence[Layer], kinds: Collection[str]) -> list[Layer]:
    return [layer for layer in layers if layer.kind in kinds]


def _add(script: Script, changes: Changes, site: _Site, _: Setting) -> None:
    call, _taken = without(site.last.call, _OWN)
    put_before(script, changes, site.end, script.code(with_keyword(script, call, "padding", "same")))
    side = shorter_side(script, find_network(script), site.end)
    if site.pooling is not None and side is not None and side_after(script, site.pooling, side) >= SMALLEST:
        put_before(script, changes, site.end, script.code(without(site.pooling.call, frozenset({"name"}))[0]))


EDIT = site_edit(CONV_LAYER, _find, _add)
