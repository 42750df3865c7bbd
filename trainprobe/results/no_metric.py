"""The failure of a script that ended well without measuring the metric that counts."""

from __future__ import annotations

import sys
from typing import Dict, List, Sequence

from trainprobe.data.kind import DataKind
from trainprobe.trace import Measurement

MOST_NAMED = 8
MEASURE = (
    "Evaluate the model on data it was not trained on (model.evaluate, model.score, accuracy_score), keep the value in "
    "a variable called accuracy, or write it to accuracy.txt or metrics.json"
)
_TRAINERS = ("keras", "tensorflow", "sklearn", "torch", "xgboost", "lightgbm", "catboost")
_DATA = {DataKind.UNKNOWN: "", DataKind.TRAIN: " on TRAINING data", DataKind.FOLDS: " over folds"}


def no_metric(measured: Sequence[Measurement], metric: str, *, trained: bool) -> Dict[str, object]:
    """Return the content of error.json.

    Args:
        measured: Everything that was measured, under other names than *metric*.
        metric: The name of the metric that counts.
        trained: Whether any training was seen.
    """
    if not trained and not measured and any(library in sys.modules for library in _TRAINERS):
        message = (
            "No metric found, because nothing was trained: the script never called a function that trains a model."
        )
        remedy = (
            "Name the script that trains in trainyard.toml (entrypoint), or the arguments that make it train (args)."
        )
    else:
        message = "No metric found: the script ended without reporting its {}.".format(metric)
        remedy = _remedy(_last_of_each(measured))
    place: Dict[str, object] = {"file": None, "line": None, "traceback": ""}
    return {"version": 1, "reason": "no_metric", "type": "NoMetric", "message": message, "remedy": remedy, **place}


def _remedy(others: List[Measurement]) -> str:
    if not others:
        return MEASURE + '; or name the metric to use in trainyard.toml, e.g. metric = "f1".'
    best = others[0]
    return "{}; or use a metric that was measured ({}), with these lines in trainyard.toml: {}".format(
        MEASURE,
        ", ".join("{} {:.4g}{}".format(one.metric, one.value, _on(one.data)) for one in others[:MOST_NAMED]),
        'threshold = {:.4g} and metric = {{name = "{}", direction = "{}"}}'.format(
            best.value, best.metric, best.direction
        ),
    )


def _last_of_each(measured: Sequence[Measurement]) -> List[Measurement]:
    """Return the last value of each metric, held-out data and what is more than a loss first."""
    last = {(one.metric, one.data): one for one in measured}
    return sorted(last.values(), key=lambda one: (one.data is DataKind.TRAIN, one.metric == "loss", one.metric))


def _on(data: DataKind) -> str:
    return _DATA.get(data, " on {} data".format(data.reported))
