"""Puts together what result.json says."""

from __future__ import annotations

import json
import math
from typing import Dict, List, Optional, Sequence

from trainprobe.trace import Curves, Measurement, Trace

MOST_POINTS = 200
MOST_FACTS = 16 * 1024
MOST_CURVES = 32
MOST_ALTERNATIVES = 50


def result(
    trace: Trace,
    ranked: Sequence[Measurement],
    artifacts: List[Dict[str, object]],
    warning: Optional[Dict[str, object]],
    seconds: float,
) -> Dict[str, object]:
    """Return the content of result.json; the best of *ranked* is the measurement, the rest are alternatives."""
    return {
        "version": 1,
        "final": True,
        "measurement": ranked[0].as_json(),
        "alternatives": [one.as_json() for one in ranked[1 : MOST_ALTERNATIVES + 1]],
        "curves": curves(trace),
        "facts": facts(trace, ranked),
        "artifacts": artifacts,
        "warning": warning,
        "seconds": round(seconds, 3),
    }


def curves(trace: Trace) -> List[Dict[str, object]]:
    """Return the curves of the last fit that has any, thinned."""
    last = _last_curves(trace)
    return [
        {"name": name, "points": thinned(points), "epochs": len(points)}
        for name, points in list(last.items())[:MOST_CURVES]
    ]


def _last_curves(trace: Trace) -> Curves:
    return next((fit.curves for fit in reversed(trace.fits) if fit.curves), trace.loops)


def thinned(points: Sequence[float]) -> List[float]:
    """Return at most 200 of *points*, evenly spread, the first and the last among them."""
    if len(points) <= MOST_POINTS:
        return list(points)
    step = (len(points) - 1) / (MOST_POINTS - 1)
    return [points[round(index * step)] for index in range(MOST_POINTS)]


def facts(trace: Trace, ranked: Sequence[Measurement]) -> Dict[str, object]:
    """Return what is known of data and model, and how far the measurement can be trusted."""
    metric = ranked[0].metric
    trained = [one for one in ranked if one.data == "train"]
    last = _last_curves(trace)
    known: Dict[str, object] = {
        **trace.facts,
        "entrypoint": trace.entrypoint,  # whoever changes the script must not guess again which one it is
        "measured_on_training_data": ranked[0].data == "train",
        "nan": any(not math.isfinite(point) for points in last.values() for point in points),
    }
    known["fits"] = len(trace.fits)
    if trace.stopped:
        known["training"] = {"stopped_by_probe": True}
    if trained and metric == "accuracy":
        known["train_accuracy"] = max(trained, key=lambda one: one.order).value
    return bounded(known)


def bounded(known: Dict[str, object]) -> Dict[str, object]:
    """Return the facts without the largest of them until they are at most 16 KiB of JSON."""
    kept = dict(known)
    while len(json.dumps(kept, default=str)) > MOST_FACTS:
        del kept[max(kept, key=lambda name: len(json.dumps(kept[name], default=str)))]
    return kept
