"""Says what lacks where a script ended well and measured nothing that was looked for."""

from __future__ import annotations

import sys
from typing import Dict, List, Optional, Sequence

from trainprobe.data.kind import DataKind
from trainprobe.task import Wanted
from trainprobe.trace import Measurement

MOST_NAMED = 8
MEASURE = (
    "Let the script measure its model on data it was not trained on (model.evaluate, model.score, accuracy_score), "
    "keep the value in a variable called accuracy, or write it to accuracy.txt or metrics.json"
)
_TRAINERS = ("keras", "tensorflow", "sklearn", "torch", "xgboost", "lightgbm", "catboost")
_DATA = {DataKind.UNKNOWN: "", DataKind.TRAIN: " on TRAINING data", DataKind.FOLDS: " over folds"}


def no_metric(seen: Sequence[Measurement], wanted: Optional[Wanted], *, trained: bool) -> Dict[str, object]:
    """Return the content of error.json.

    Args:
        seen: Everything that was measured, under other names than the one that was looked for.
        wanted: The metric that the author asked for, None for an accuracy.
        trained: Whether any training was seen.
    """
    name = wanted.name if wanted else "accuracy"
    library = next((library for library in _TRAINERS if library in sys.modules), None)
    if not trained and not seen and library is not None:
        message = (
            "No metric found, because nothing was trained: the script ended, and no call that trains a model was seen."
        )
        remedy = (
            "Let trainyard.toml name the script that trains (entrypoint), or the arguments that make this one train "
            "(args)."
        )
    else:
        message = "No metric found: the script ended, and nothing that it did tells its {}.".format(name)
        remedy = _remedy(_last_of_each(seen))
    place: Dict[str, object] = {"file": None, "line": None, "traceback": ""}
    return {"version": 1, "reason": "no_metric", "type": "NoMetric", "message": message, "remedy": remedy, **place}


def _remedy(others: List[Measurement]) -> str:
    if not others:
        return MEASURE + '; or name the metric to use in trainyard.toml, e.g. metric = "f1".'
    best = others[0]
    return "{}; or judge it by what was seen ({}) with these lines in trainyard.toml: {}".format(
        MEASURE,
        ", ".join("{} {:.4g}{}".format(one.metric, one.value, _on(one)) for one in others[:MOST_NAMED]),
        'threshold = {:.4g} and metric = {{name = "{}", direction = "{}"}}'.format(
            best.value, best.metric, best.direction
        ),
    )


def _last_of_each(seen: Sequence[Measurement]) -> List[Measurement]:
    """Return the last value of each metric, held-out data and what is more than a loss first."""
    last = {(one.metric, one.data): one for one in seen}
    return sorted(last.values(), key=lambda one: (one.data is DataKind.TRAIN, one.metric == "loss", one.metric))


def _on(one: Measurement) -> str:
    return _DATA.get(one.data, " on {} data".format(one.data.reported))
