"""What inspection concludes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trainyard.engine.port import Recipe, Setup

Kind = Literal["ann", "cnn", "knn", "sklearn"]
ImageKind = Literal["sklearn", "ann", "cnn"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train a bundle.

    Attributes:
        entrypoint: The script to run, relative to the bundle's root.
        workdir: Where to start it, relative to the root; "." for the root itself.
        kind: What sort of model it trains.
        recipe: The image to train in: the smallest that holds what it imports, and what else it needs.
        setup: What is done for it before it starts.
        reasons: One sentence for each conclusion, for people.
        imports: The modules that it needs from the image, by their top-level names.
    """

    entrypoint: str
    workdir: str
    kind: Kind
    recipe: Recipe
    setup: Setup
    reasons: tuple[str, ...]
    imports: tuple[str, ...]
