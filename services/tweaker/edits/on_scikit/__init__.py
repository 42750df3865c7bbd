"""Edits of scripts that train scikit-learn estimators, or such as behave like them."""

from services.tweaker.edits.on_scikit import scale_inputs, special_parameters, swap_estimator
from services.tweaker.edits.on_scikit.table import TABLE
from services.tweaker.edits.parameters import estimator_edit

EDITS = (
    scale_inputs.EDIT,
    *(estimator_edit(knob, parameters) for knob, parameters in TABLE.items()),
    *special_parameters.EDITS,
    swap_estimator.EDIT,
)
