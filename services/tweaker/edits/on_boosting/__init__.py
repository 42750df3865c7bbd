"""Edits of scripts that train with XGBoost, LightGBM or CatBoost."""

from __future__ import annotations

from services.tweaker.edits.on_boosting import dicts
from services.tweaker.edits.on_boosting.table import DICTS, OBJECTS
from services.tweaker.edits.parameters import edit

EDITS = (
    *(edit(knob, parameters) for knob, parameters in OBJECTS.items()),
    *(dicts.edit(knob, parameters) for knob, parameters in DICTS.items()),
    dicts.ROUNDS,
)
