"""What inspection concludes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["ann", "cnn", "knn", "sklearn"]
ImageKind = Literal["sklearn", "ann", "cnn"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train a bundle.

    Attributes:
        entrypoint: The script to run, relative to the bundle's root.
        workdir: Where to start it, relative to the root; "." for the root itself.
        kind: What sort of model it trains.
        image_kind: The smallest image that holds what it imports.
        reasons: One sentence for each conclusion, for people.
        imports: The modules that it needs from the image, by their top-level names.
    """

    entrypoint: str
    workdir: str
    kind: Kind
    image_kind: ImageKind
    reasons: tuple[str, ...]
    imports: tuple[str, ...]
