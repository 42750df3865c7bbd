"""What simple models of other families reach on the rows that the script trained with: a look before costly trials.

They are measured by folds among these rows alone, on one thread, after the script has ended.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from typing import Dict, Iterator, NamedTuple, Optional, Tuple

from trainprobe.data.arrays import TABLE, as_array, classes_of
from trainprobe.data.samples import Part
from trainprobe.facts.predictions import silence
from trainprobe.foreign import Foreign, numpy

FOLDS = 3
FEWEST_ROWS = 50
MOST_COLUMNS = 300
MOST_CLASSES = 20
SAMPLED = 200_000  # elements that are looked at
ROUNDS, FEWEST_ROUNDS = 100, 20  # of boosting, which makes a tree for each of several classes in every round
BOOSTING = "ensemble._hist_gradient_boosting.gradient_boosting"  # where it is, also while it was experimental
TWO = 2
_NEGATED = "neg_"
OF_AMOUNTS = {
    "r2": "r2",
    "mae": "neg_mean_absolute_error",
    "mse": "neg_mean_squared_error",
    "rmse": "neg_root_mean_squared_error",
    "medae": "neg_median_absolute_error",
}  # by metric, what scikit-learn calls it
OF_CLASSES = ("accuracy", "balanced_accuracy", "f1_macro", "f1_micro", "f1_weighted")
OF_TWO_CLASSES = (*OF_CLASSES, "f1", "precision", "recall", "roc_auc")


class _Table(NamedTuple):
    """Numbers in columns, with the number of each row's class, or with amounts where *classes* is 0."""

    inputs: Foreign
    labels: Foreign
    classes: int
    metric: str


def screen(part: Part, metric: str, seconds: float) -> Dict[str, object]:
    """Return what each model reaches whose folds are done within these *seconds* of the processor.

    There is nothing to return where the rows are no table of numbers with a label each, or where the script does not
    use scikit-learn. What that cannot score by *metric* is scored by accuracy or R².
    """
    end = time.thread_time() + seconds
    table = _table(part, metric) if "sklearn" in sys.modules else None
    if table is None:
        return {}
    models = []
    with silence(), import_module("threadpoolctl").threadpool_limits(1):
        for family, standardized, model in _candidates(table.classes):
            values = list(_values(table, model, end))
            if len(values) == FOLDS:
                mean, std = (round(float(value), 4) for value in (numpy.mean(values), numpy.std(values, ddof=1)))
                models.append({"family": family, "standardized": standardized, "mean": mean, "std": std})
    return {"metric": table.metric, "rows": len(table.labels), "models": models} if models else {}


def _table(part: Part, metric: str) -> Optional[_Table]:
    inputs, labels = (None if hasattr(one, "tocsr") else as_array(one) for one in (part.inputs, part.labels))
    if inputs is None or labels is None or inputs.ndim != TABLE or len(labels) != len(inputs):
        return None
    every = slice(None, None, max(1, -(-inputs.size // SAMPLED)))
    inputs, labels = inputs[every], labels[every]
    is_usable = inputs.dtype.kind in "biuf" and len(inputs) >= FEWEST_ROWS and 0 < inputs.shape[1] <= MOST_COLUMNS
    if not is_usable or not numpy.isfinite(inputs).all():
        return None
    classes = classes_of(labels) if metric not in OF_AMOUNTS else None
    return _of_amounts(inputs, labels, metric) if classes is None else _of_classes(inputs, classes, metric)


def _of_classes(inputs: Foreign, classes: Foreign, metric: str) -> Optional[_Table]:
    names, numbers = numpy.unique(classes, return_inverse=True)
    known = OF_TWO_CLASSES if len(names) == TWO else OF_CLASSES
    if not TWO <= len(names) <= MOST_CLASSES:
        return None
    return _Table(inputs, numbers, len(names), metric if metric in known else OF_CLASSES[0])


def _of_amounts(inputs: Foreign, labels: Foreign, metric: str) -> Optional[_Table]:
    if labels.dtype.kind not in "biuf" or labels.size != len(labels) or not numpy.isfinite(labels).all():
        return None
    return _Table(inputs, labels.reshape(-1), 0, metric if metric in OF_AMOUNTS else "r2")


def _candidates(classes: int) -> Iterator[Tuple[str, bool, Foreign]]:
    """Yield models for so many *classes*, or for amounts: family, whether it standardizes, and the model itself."""
    kind = "Classifier" if classes else "Regressor"
    linear = getattr(_scikit("linear_model"), "LogisticRegression" if classes else "Ridge")
    nearest = getattr(_scikit("neighbors"), "KNeighbors" + kind)
    boosting = getattr(_scikit(BOOSTING), "HistGradientBoosting" + kind)
    make_pipeline, scaler = _scikit("pipeline").make_pipeline, _scikit("preprocessing").StandardScaler
    rounds = max(FEWEST_ROUNDS, ROUNDS // classes if classes > TWO else ROUNDS)
    yield "linear", True, make_pipeline(scaler(), linear())
    yield "neighbours", True, make_pipeline(scaler(), nearest())
    yield "neighbours", False, nearest()
    yield "boosting", False, boosting(learning_rate=0.2, max_leaf_nodes=15, max_iter=rounds, random_state=0)
    yield "linear", False, linear()


def _values(table: _Table, model: Foreign, end: float) -> Iterator[float]:
    """Yield what *model* reaches on each fold, as long as there is time."""
    inputs, labels, classes, metric = table
    scoring = OF_AMOUNTS.get(metric, metric)
    scorer, sign = _scikit("metrics").get_scorer(scoring), -1 if scoring.startswith(_NEGATED) else 1
    splitter = getattr(_scikit("model_selection"), "StratifiedKFold" if classes else "KFold")
    folds = splitter(FOLDS, shuffle=True, random_state=0)
    for fitted, others in folds.split(inputs, labels):
        if time.thread_time() >= end:
            return
        model.fit(inputs[fitted], labels[fitted])
        yield sign * float(scorer(model, inputs[others], labels[others]))


def _scikit(module: str) -> Foreign:
    return import_module("sklearn." + module)
