"""The rows that are held out of fits of Keras and scikit-learn, and the measurements of their models on them."""

from __future__ import annotations

from functools import partial
from typing import Dict, List

from trainprobe.foreign import Foreign, numbers_in
from trainprobe.names import canonical
from trainprobe.trace import Measurement
from trainprobe.training.holdout import accuracy_of
from trainprobe.watch import Watch

KERAS, SCIKIT = ("x", "y"), ("X", "y")
SETTING = (bool, int, float, str, type(None))
PLAIN = {"self", "X", "y", "sample_weight"}  # arguments of a fit of scikit-learn that can be split by rows


def of_network(watch: Watch, given: Dict[str, Foreign]) -> Dict[str, Foreign]:
    """Return the arguments *given* to a fit of Keras without the rows that are held out."""
    why_not = "" if given.get("steps_per_epoch") is None else "steps_per_epoch sets the number of batches"
    return watch.holdout.take(watch.trace, given["self"], given, KERAS, why_not, _measure_network)


def of_estimator(watch: Watch, given: Dict[str, Foreign], metric: str) -> Dict[str, Foreign]:
    """Return the arguments *given* to a fit of scikit-learn without the rows that are held out.

    *metric* is what the estimator's own ``score`` returns.
    """
    more = sorted(name for name, value in given.items() if name not in PLAIN and not isinstance(value, SETTING))
    why_not = "the fit also gets {}".format(", ".join(more)) if more else ""
    if not hasattr(given["self"], "score"):
        why_not = "the estimator has no score"
    return watch.holdout.take(watch.trace, given["self"], given, SCIKIT, why_not, partial(measure_estimator, metric))


def on_held_out(watch: Watch) -> List[Measurement]:
    """Return the measurements of the script's model on the rows that were held out; the script must have ended."""
    with watch.inside("held out"), watch.guard("measuring on the rows that were held out"):
        return watch.holdout.measurements(watch.trace)
    return []


def _measure_network(model: Foreign, inputs: Foreign, labels: Foreign) -> Dict[str, float]:
    results = numbers_in(model.evaluate(inputs, labels, verbose=0, return_dict=True))
    if not any(canonical(name) == "accuracy" for name in results):
        results.update(measure_predictions(model, inputs, labels))
    return results


def measure_predictions(model: Foreign, inputs: Foreign, labels: Foreign) -> Dict[str, float]:
    """Return the accuracy of a network's predictions; nothing where *labels* are no classes."""
    threshold = 0.0 if getattr(model.loss, "from_logits", False) else 0.5
    accuracy = accuracy_of(model.predict(inputs, verbose=0), labels, threshold)
    return {} if accuracy is None else {"accuracy": accuracy}


def measure_estimator(metric: str, model: Foreign, inputs: Foreign, labels: Foreign) -> Dict[str, float]:
    """Return the *metric* that an estimator's own ``score`` returns, and the usual errors of a regression."""
    results = {metric: float(model.score(inputs, labels))}
    if metric == "r2":
        errors = model.predict(inputs).ravel() - getattr(labels, "to_numpy", lambda: labels)().ravel()
        results.update(mae=float(abs(errors).mean()), mse=float((errors**2).mean()))
    return results
