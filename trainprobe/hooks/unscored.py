"""Scores a model that the script fitted and never scored, on the part to test with of the script's own split."""

from __future__ import annotations

import warnings
from typing import Dict, List, Mapping

from trainprobe.data.evaluated import evaluated
from trainprobe.data.kind import DataKind
from trainprobe.foreign import Foreign
from trainprobe.hooks.held_out import measure_estimator, measure_predictions
from trainprobe.hooks.score_names import metric_of
from trainprobe.names import canonical
from trainprobe.trace import Measurement, Trace
from trainprobe.watch import Watch

SOURCE = "scored by the probe on the script's own test split"
KIND = "unscored"


def on_test_split(watch: Watch, variables: Dict[str, Foreign]) -> List[Measurement]:
    """Return what the model fitted last scores on the part of the split that its fit was not given, if that is certain.

    The script must have ended and left these *variables*.
    """
    with watch.inside("test split"), watch.guard("scoring on the script's own test split"):
        return _measured(watch.trace, variables)
    return []


def _measured(trace: Trace, variables: Dict[str, Foreign]) -> List[Measurement]:
    fit = trace.fits[-1] if trace.fits else None
    if fit is None or not fit.finished or not fit.is_of(trace.last_model):
        return []
    part = trace.splits.test_part(fit, variables)
    if part is None or trace.kind_of(trace.last_model, *part) is DataKind.TRAIN:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = _scores(fit.library, trace.last_model, *part)
    how = SOURCE, KIND, trace.tick(), "", fit.model_number, evaluated(*part), len(trace.fits), fit.calls
    return [Measurement(canonical(name), value, DataKind.TEST, *how) for name, value in scores.items()]


def _scores(library: str, model: Foreign, inputs: Foreign, labels: Foreign) -> Mapping[str, float]:
    if library == "sklearn":
        return measure_estimator(metric_of(model), model, inputs, labels)
    return measure_predictions(model, inputs, labels) if library == "keras" else {}
