"""The container engine and the training images, as the doctor, `trainyard images` and embedded runs use them."""

from __future__ import annotations

from pathlib import Path

KINDS = ("sklearn", "ann", "cnn")
"""Every training image there is."""


def images_folder() -> Path:
    """Return the folder of the training images' Dockerfile, in a checkout or in the service image."""
    return Path(__file__).resolve().parent.parent / "images" / "training"
