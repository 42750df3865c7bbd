"""Puts together what result.json says."""

from __future__ import annotations

import json
import math
import os
from typing import Dict, Iterator, List, Optional, Sequence, Tuple

from trainprobe.data.evaluated import Evaluated
from trainprobe.data.fits import Curves, Fit
from trainprobe.data.kind import DataKind
from trainprobe.foreign import Foreign
from trainprobe.results.own_answers import KIND as OWN
from trainprobe.results.sources.known_values import same_value
from trainprobe.trace import Measurement, Trace

MOST_POINTS = 200
MOST_FACTS = 16 * 1024
MOST_CURVES = 32
MOST_ALTERNATIVES = 50
FEWEST_KEPT = 8  # items of a list that is cut


def result(
    trace: Trace,
    ranked: Sequence[Measurement],
    artifacts: List[Dict[str, object]],
    warning: Optional[Dict[str, object]],
    seconds: float,
    sealed: Optional[Dict[str, object]],
) -> Dict[str, object]:
    """Return the content of result.json; the best of *ranked* is the measurement, the rest are alternatives."""
    return {
        "version": 1,
        "final": True,
        "measurement": ranked[0].as_json(),
        "alternatives": [one.as_json() for one in ranked[1 : MOST_ALTERNATIVES + 1]],
        "curves": curves(trace, ranked[0]),
        "facts": facts(trace, ranked),
        "artifacts": artifacts,
        "warning": warning,
        "seconds": round(seconds, 3),
        "sealed": sealed,
    }


def curves(trace: Trace, best: Measurement) -> List[Dict[str, object]]:
    """Return the curves of the fit behind the measurement, or else of the last fit that has any, thinned."""
    last = list(_curves_behind(trace, best).items())[:MOST_CURVES]
    return [{"name": name, "points": thinned(points), "epochs": len(points)} for name, points in last]


def _curves_behind(trace: Trace, best: Measurement) -> Curves:
    own = trace.fit_behind(best)
    fits = [*trace.fits, *([own] if own is not None else [])]
    return next((fit.curves for fit in reversed(fits) if fit.curves), trace.loops)


def thinned(points: Sequence[float]) -> List[float]:
    """Return at most 200 of *points*, evenly spread, the first and the last among them."""
    if len(points) <= MOST_POINTS:
        return list(points)
    step = (len(points) - 1) / (MOST_POINTS - 1)
    return [points[round(index * step)] for index in range(MOST_POINTS)]


def facts(trace: Trace, ranked: Sequence[Measurement]) -> Dict[str, object]:
    """Return what is known of data and model, and how far the measurement can be trusted."""
    best, fit = ranked[0], trace.fit_behind(ranked[0])
    known: Dict[str, Foreign] = {
        **trace.facts,
        **trace.run_facts,
        "entrypoint": trace.entrypoint,  # whoever changes the script must not guess again which one it is
        "nan": any(not math.isfinite(point) for points in _curves_behind(trace, best).values() for point in points),
        "measured": {**measured_on(trace, ranked).as_json(), **trace.measured_facts, **_model(trace, best, fit)},
        "fits": len(trace.fits),
    }
    if trace.stopped:
        known["training"] = {**trace.facts.get("training", {}), "stopped_by_probe": True, "ended_early": False}
    trained = [one for one in ranked if one.data is DataKind.TRAIN and _may_be_of(best, one)]
    if trained:
        known["training_value"] = _on_training_data(trained, known.get("training_value"))
    return bounded(known)


def _may_be_of(best: Measurement, other: Measurement) -> bool:
    return not best.model_number or other.model_number in (0, best.model_number)


def _model(trace: Trace, best: Measurement, fit: Optional[Fit]) -> Dict[str, object]:
    """Return the class of the estimator that was measured, and the script's lines by which it was fitted or measured.

    There are none where the measurement is not known to be of one model, or of a model that other code made.
    """
    if not best.model_number:
        return {}
    made = fit.calls if fit is not None else best.calls
    lines = [line for file, line in made if file.endswith(os.sep + trace.entrypoint)]
    return {"model": trace.class_of(best.model_number), "lines": lines}


def _on_training_data(measured: Sequence[Measurement], sampled: Foreign) -> Foreign:
    """Return what the model answers or the script measured, else what was *sampled*, else the curve's end.

    At the end of a curve the weights still moved.
    """
    own = [one for one in measured if one.kind != "history"]
    if not own and sampled is not None:
        return sampled
    return max(own or measured, key=lambda one: (one.kind == OWN, one.order)).value


def measured_on(trace: Trace, ranked: Sequence[Measurement]) -> Evaluated:
    """Return what is known of the rows that the measurement was taken on."""
    counted = ranked[0]
    known = [one for one in ranked if one.on.rows and one.data is counted.data]
    if known:
        return next((one.on for one in known if same_value(counted.value, one.value)), known[0].on)
    used = trace.rows_used(counted.data)
    is_fitted = counted.data is DataKind.TRAIN and not used.rows
    return Evaluated(int(trace.facts.get("inputs", {}).get("rows", 0))) if is_fitted else used


def bounded(known: Dict[str, Foreign]) -> Dict[str, object]:
    """Return the facts in at most 16 KiB of JSON: with shorter lists, and where that won't do without the largest."""
    kept: Dict[str, Foreign] = {name: dict(one) if isinstance(one, dict) else one for name, one in known.items()}
    while _size(kept) > MOST_FACTS:
        section, name = max(_lists(kept), key=lambda at: _size(kept[at[0]][at[1]]), default=("", ""))
        if section:
            cut = kept[section][name]
            kept[section][name] = cut[: len(cut) // 2]
        else:
            del kept[max(kept, key=lambda name: _size(kept[name]))]
    return kept


def _lists(facts: Dict[str, Foreign]) -> Iterator[Tuple[str, str]]:
    for section, value in facts.items():
        for name in value if isinstance(value, dict) else ():
            if isinstance(value[name], list) and len(value[name]) > FEWEST_KEPT:
                yield section, name


def _size(value: object) -> int:
    return len(json.dumps(value, default=str))
