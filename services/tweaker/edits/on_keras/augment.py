"""Augment the images while training: a little shifted, rotated or mirrored each time."""

from services.tweaker.edits.edit import site_edit
from services.tweaker.edits.knobs import AUGMENT
from services.tweaker.edits.on_keras.insertion import layer_class, put_in_front, take_shape
from services.tweaker.edits.on_keras.layers import Layer
from services.tweaker.edits.on_keras.networks import find_network
from services.tweaker.edits.on_keras.sequential import with_parts
from services.tweaker.source import Changes, NotUnderstoodError, Script, argument, called
from services.tweaker.source.arguments import quote
from trainyard.trial import Setting

USUAL = "shift+rotate"
PARTS = {
    "flip": "RandomFlip({quote}horizontal{quote})",
    "shift": "RandomTranslation(0.1, 0.1)",
    "rotate": "RandomRotation(0.05)",
    "zoom": "RandomZoom(0.1)",
}
VARYING = (
    "rotation_range", "width_shift_range", "height_shift_range", "brightness_range", "shear_range", "zoom_range",
    "channel_shift_range", "horizontal_flip", "vertical_flip", "preprocessing_function",
)  # fmt: skip
"""Arguments by which a generator of images varies them."""
OVER_IMAGES = frozenset({"Conv2D", "Convolution2D", "SeparableConv2D"})


def _first(script: Script) -> Layer:
    """Return the first convolution over images; the layers before it prepare them."""
    network = find_network(script)
    kinds = [part.kind for layer in network.layers for part in with_parts(script, layer)]
    generators = [call for call in script.calls if called(call) == "ImageDataGenerator"]
    if any(kind.startswith("Random") for kind in kinds) or any(argument(call, *VARYING) for call in generators):
        raise NotUnderstoodError("the training already uses data augmentation")
    convolutions = network.of_kind(OVER_IMAGES)
    if not convolutions:
        raise NotUnderstoodError("the network has no convolutions over images")
    return convolutions[0]


def _augment(script: Script, changes: Changes, first: Layer, setting: Setting) -> None:
    names = str(setting or USUAL).split("+")
    if not set(names) <= set(PARTS):
        raise NotUnderstoodError(f"{setting!r} is not a data augmentation")
    shape = take_shape(script, changes, first)
    texts: list[str] = []
    for name in names:
        kind, _, given = PARTS[name].format(quote=quote(script)).partition("(")
        arguments = ", ".join([given.removesuffix(")"), *(shape if not texts else [])])
        texts.append(f"{layer_class(script, changes, kind, first)}({arguments})")
    put_in_front(script, changes, first, *texts)


EDIT = site_edit(AUGMENT, _first, _augment)
