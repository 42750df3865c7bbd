"""Edits of scripts that train with XGBoost, LightGBM or CatBoost."""

from services.tweaker.edits.estimator_knobs import ESTIMATORS
from services.tweaker.edits.on_boosting.dicts import dict_edit, rounds
from services.tweaker.edits.on_boosting.table import PARAMETERS
from services.tweaker.edits.parameters import estimator_edit, parameter_edit

EDITS = (
    *(estimator_edit(knob, parameters) for knob, parameters in PARAMETERS.items()),
    *(dict_edit(knob, parameters) for knob, parameters in PARAMETERS.items() if knob is not ESTIMATORS),
    parameter_edit(ESTIMATORS, rounds),
)
