"""All edits there are, by the name that authors use in trainyard.toml."""

from __future__ import annotations

from collections.abc import Mapping

from services.tweaker.codemods import (
    dense_layer,
    dropout,
    epochs,
    learning_rate,
    neighbours,
    optimizer,
    scale_inputs,
    units,
)
from services.tweaker.codemods.edit import Edit

EDITS: Mapping[str, Edit] = {
    edit.name: edit
    for edit in (
        scale_inputs.EDIT,
        epochs.EDIT,
        learning_rate.EDIT,
        optimizer.EDIT,
        units.EDIT,
        dense_layer.EDIT,
        dropout.EDIT,
        neighbours.NEIGHBOURS,
        neighbours.WEIGHTS,
    )
}
