"""Edits of scripts that train scikit-learn estimators, or such as behave like them."""

from __future__ import annotations

from services.tweaker.codemods.on_scikit import neighbours, scale_inputs

EDITS = (scale_inputs.EDIT, neighbours.NEIGHBOURS, neighbours.WEIGHTS)
