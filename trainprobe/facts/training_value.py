"""What the metric that counts comes to on the rows that its model was fitted with."""

from __future__ import annotations

import math
import time
from functools import partial
from typing import Callable, Dict, Optional, Tuple, Union

from trainprobe.data.arrays import are_whole, class_of_rows
from trainprobe.data.evaluated import Evaluated, spread_of
from trainprobe.data.samples import Part, Samples
from trainprobe.data.scoring import OnFolds, Scoring
from trainprobe.facts.predictions import Answers, by_number, in_time, silence
from trainprobe.foreign import Foreign, numpy, rounded
from trainprobe.names import canonical
from trainprobe.trace import Measurement, Trace

ONE_UNIT = 3.0  # labels whose spread is so many times another's are of another unit, as logarithms are
PAIR = 2
ERRORS: Dict[str, Callable[[Foreign, Foreign], Foreign]] = {
    "mae": lambda true, found: abs(true - found).mean(),
    "mse": lambda true, found: ((true - found) ** 2).mean(),
    "rmse": lambda true, found: math.sqrt(((true - found) ** 2).mean()),
    "r2": lambda true, found: (1 - ((true - found) ** 2).mean(axis=0) / true.var(axis=0)).mean(),
}


def training_value(
    trace: Trace, counted: Measurement, on: Evaluated, answers: Answers, seconds: float
) -> Optional[float]:
    """Return the metric that is *counted* of its model and rows that this was fitted with; None where it is not known.

    *on* are the rows that it was counted on, *answers* what the model answers for some that it was fitted with. The
    model is asked for no longer than about so many *seconds*, and the script must have ended.
    """
    end = time.monotonic() + seconds
    with silence():
        value = _asked(trace, counted, on, answers, end)
    value = _end_of_curve(trace, counted) if value is None else float(value)
    return rounded(value) if value is not None and math.isfinite(value) else None


def _asked(trace: Trace, counted: Measurement, on: Evaluated, answers: Answers, end: float) -> Optional[float]:
    folds = trace.folds_of(counted)
    if folds is not None:
        return _scored(folds, folds.part, end)
    if counted.metric == "accuracy":
        return answers.accuracy
    if counted.metric in ERRORS:
        return _error(counted.metric, answers, on)
    scoring, samples = trace.scoring_of(counted), trace.samples
    number = trace.number_of(samples.model()) if samples is not None else 0
    if scoring is None or samples is None or samples.fitted is None or scoring.model_number not in (0, number):
        return None
    if scoring.compares:
        return _compared(scoring, samples, samples.fitted, answers, end)
    return _scored(scoring, samples.fitted, end)


def _scored(how: Union[Scoring, OnFolds], part: Part, end: float) -> Optional[float]:
    return in_time(lambda some: how.on(some.inputs, some.labels), part, end)


def _error(metric: str, answers: Answers, on: Evaluated) -> Optional[float]:
    """Return the error of what the model answers; None where the script measures it in another unit than it fits."""
    true, found = answers.labels, answers.outputs
    if any(one is None or one.dtype.kind not in "biuf" for one in (true, found)) or true.size != found.size:
        return None
    std, _ = spread_of(true)
    if metric == "r2" or (std and on.std / ONE_UNIT < std < on.std * ONE_UNIT):
        true, found = (one.reshape(len(one), -1).astype("float64") for one in (true, found))
        return ERRORS[metric](true, found)  # type: ignore[no-any-return]
    return None


def _compared(scoring: Scoring, samples: Samples, fitted: Part, answers: Answers, end: float) -> Optional[float]:
    """Return the metric of labels and predictions in the form that the script compares: classes, or their scores."""
    predictions, model = numpy.asarray(scoring.given[scoring.rowwise[1]]), samples.model()
    labels, outputs, is_network = answers.labels, answers.outputs, samples.library != "sklearn"
    if labels is None or outputs is None:
        return None
    if answers.predicted is None:
        return scoring.on(labels, outputs.reshape(labels.shape) if outputs.size == labels.size else outputs)
    if is_network:
        labels = class_of_rows(labels)
    if are_whole(predictions):
        classes = by_number(outputs, labels, samples.threshold) if is_network else None
        return scoring.on(labels, outputs if classes is None else classes.numbers)
    if not is_network:
        outputs, labels = in_time(partial(_with_scores, model), fitted, end)
    is_pair = predictions.ndim == 1 and outputs.ndim > 1 and outputs.shape[1] <= PAIR
    return scoring.on(labels, outputs[:, -1] if is_pair else outputs)


def _with_scores(model: Foreign, part: Part) -> Tuple[Foreign, Foreign]:
    method = model.predict_proba if hasattr(model, "predict_proba") else model.decision_function
    return method(part.inputs), part.labels


def _end_of_curve(trace: Trace, counted: Measurement) -> Optional[float]:
    fit = trace.fit_behind(counted)
    curves = fit.curves if fit is not None else {}
    own = (name for name in curves if canonical(name) == counted.metric and not name.startswith("val_"))
    points = curves.get(next(own, ""))
    return points[fit.restored] if fit is not None and points else None
