"""Edits of scripts that train with XGBoost, LightGBM or CatBoost."""

from __future__ import annotations

from services.tweaker.codemods.on_boosting import dicts
from services.tweaker.codemods.on_boosting.table import DICTS, OBJECTS
from services.tweaker.codemods.parameters import edit

EDITS = (
    *(edit(knob, parameters) for knob, parameters in OBJECTS.items()),
    *(dicts.edit(knob, parameters) for knob, parameters in DICTS.items()),
    dicts.ROUNDS,
)
