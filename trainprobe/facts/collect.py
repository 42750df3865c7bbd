"""Small, cheap facts about the data and the model of a fit, from which a tweak can be chosen."""

from __future__ import annotations

import weakref
from typing import Dict, Tuple

from trainprobe.data.arrays import as_array, spread_rows
from trainprobe.data.content import content_of, labels_of
from trainprobe.data.evaluated import Evaluated, evaluated
from trainprobe.data.fits import Fit
from trainprobe.data.kind import DataKind
from trainprobe.data.samples import Rows, Samples, rows_of, sample
from trainprobe.facts.data import MOST_ELEMENTS, describe_inputs, describe_labels, describe_rows
from trainprobe.facts.model import describe_estimator, describe_network, describe_search
from trainprobe.facts.predictions import AT_LEAST, SHARE, Answers, ask
from trainprobe.facts.screening import screen
from trainprobe.facts.training_value import training_value
from trainprobe.foreign import Foreign
from trainprobe.trace import Measurement, Trace

RESAMPLING = 1.0  # seconds that it may take in any case
SCREENING, LONGEST_SCREENING = 2.0, 5.0  # seconds that it may take in any case, and at most
PART_OF_TRAINING = 0.1  # of a training's time that it may take between these two


def describe_network_fit(
    trace: Trace, fit: Fit, given: Dict[str, Foreign], training: Dict[str, object], pace: float
) -> None:
    """Keep the facts of this *fit* of Keras in *trace*, in the place of those of an earlier one.

    *training* are those of its course, *pace* the seconds of an epoch.
    """
    model, inputs, labels = fit.model(), given.get("x"), given.get("y")
    facts = _data_facts(trace, fit, inputs, labels)
    trace.facts = {**facts, "model": describe_network(model), "training": training}
    trace.samples = None
    rows = rows_of(inputs)
    if not rows:
        return
    last = rows - int(rows * float(given.get("validation_split") or 0.0))
    if last < rows:
        tail = as_array(given.get("y"))
        fit.validated_on = Evaluated(rows - last) if tail is None else evaluated(tail[last:], tail[last:])
    fitted, classes = sample(inputs, labels, last), labels if _are_classes(facts) else None
    threshold = 0.0 if getattr(model.loss, "from_logits", False) else 0.5
    known = fit.seconds, pace / max(1, last), threshold, Rows.of(inputs, classes, 0, last), classes is not None
    trace.samples = Samples("keras", weakref.ref(model), fitted, *known)
    trace.note_rows(DataKind.VALIDATION, Rows.of(inputs, classes, last), model)


def describe_estimator_fit(trace: Trace, fit: Fit, inputs: Foreign, labels: Foreign) -> None:
    """Keep the facts of this *fit* of scikit-learn or alike in *trace*, in the place of those of an earlier one."""
    model = fit.model()
    facts = _data_facts(trace, fit, inputs, labels)
    trace.facts = {**facts, "model": describe_estimator(model), "training": describe_search(model)}
    fitted = sample(inputs, labels) if labels is not None else None
    trace.samples = Samples("sklearn", weakref.ref(model), fitted, seconds=fit.seconds)


def describe_estimator_on_folds(trace: Trace, model: Foreign, inputs: Foreign, labels: Foreign) -> None:
    """Keep in *trace* what an estimator is that was fitted on folds only, if the script fitted none by itself."""
    if not trace.fits:
        facts = describe_data(inputs, labels)
        trace.samples = Samples("sklearn", lambda: None, sample(inputs, labels))  # *model* itself stays unfitted
        trace.facts = {**facts, "model": describe_estimator(model), "training": describe_search(model)}


def look_at_the_model(trace: Trace) -> Answers:
    """Add to the facts what the model that was fitted last has become, and return what it predicts for some rows.

    The script must have ended: so neither its time nor its random numbers are touched.
    """
    for tell in trace.at_end:
        tell()
    if trace.samples is None:
        return Answers()
    answers = ask(trace.samples)
    if answers.predicted is not None:
        trace.facts.setdefault("training", {})["predicted"] = answers.predicted
    for number, layer in enumerate(trace.facts.get("model", {}).get("layers", ())):
        layer.update(answers.layers.get(number, {}))
    return answers


def measure_again(trace: Trace, counted: Measurement, on: Evaluated, answers: Answers) -> None:
    """Add to the facts what the metric that is *counted* comes to on training rows, and how much it depends on its own.

    *on* are its rows, *answers* what the model answered. The script must have ended, as above.
    """
    trained = SHARE * (trace.fits[-1].seconds if trace.fits else 0.0)
    value = training_value(trace, counted, on, answers, max(AT_LEAST, trained))
    if value is not None:
        trace.facts["training_value"] = value
    folds, scoring = trace.folds_of(counted), trace.scoring_of(counted)
    if folds is not None and counted.metric != "accuracy":
        trace.measured_facts = {"stderr": folds.stderr}
    elif scoring is not None and scoring.value == counted.value:
        found = scoring.standard_error(max(RESAMPLING, trained))
        trace.measured_facts = {} if found is None else {"stderr": found}


def look_at_other_models(trace: Trace, counted: Measurement) -> None:
    """Add to the facts what simple models of other families reach on the rows that the script trained with.

    They are compared by the metric that is *counted*. The script must have ended, as above.
    """
    if trace.samples is not None and trace.samples.fitted is not None:
        seconds = min(LONGEST_SCREENING, max(SCREENING, PART_OF_TRAINING * trace.samples.seconds))
        found = screen(trace.samples.fitted, counted.metric, seconds)
        trace.run_facts.update({"screening": found} if found else {})


def _data_facts(trace: Trace, fit: Fit, inputs: Foreign, labels: Foreign) -> Dict[str, Foreign]:
    """Return the facts of the data of *fit*; those of the fit before where that was given the same."""
    for earlier in trace.fits[-2:-1]:
        if "inputs" in trace.facts and earlier.inputs.equals(fit.inputs) and earlier.labels.equals(fit.labels):
            return {name: trace.facts[name] for name in ("inputs", "labels") if name in trace.facts}
    return describe_data(inputs, labels)


def describe_data(inputs: Foreign, labels: Foreign) -> Dict[str, Foreign]:
    """Return the facts of what was given to a fit: arrays, or what holds them."""
    facts: Dict[str, Foreign] = {}
    labels = as_array(labels) if labels is not None else labels_of(inputs)
    if labels is not None and labels.ndim and labels.size:
        facts["labels"] = describe_labels(labels)
    rows, of_the_whole = _rows(inputs)
    if rows is not None and rows.ndim:
        compared = describe_rows(rows, labels if _are_classes(facts) else None)
        facts["inputs"] = {**describe_inputs(rows), **compared, **of_the_whole}
    return facts


def _rows(inputs: Foreign) -> Tuple[Foreign, Dict[str, object]]:
    """Return *inputs* as an array, and what that does not show of them; of a sparse matrix only some rows."""
    if not hasattr(inputs, "tocsr"):
        return content_of(inputs), {}
    some = spread_rows(inputs.tocsr(), MOST_ELEMENTS, fewest=1)
    return some.toarray(), {"sparse": True, "rows": int(inputs.shape[0])}


def _are_classes(facts: Dict[str, Foreign]) -> bool:
    return "classes" in facts.get("labels", ())
