"""What is held out of the fits of Keras and of scikit-learn, and how their models are measured on it."""

from __future__ import annotations

from functools import partial
from typing import Dict, List

from trainprobe.foreign import Foreign, as_number
from trainprobe.names import canonical
from trainprobe.trace import Measurement
from trainprobe.training.holdout import accuracy_of
from trainprobe.watch import Watch

KERAS, SCIKIT = ("x", "y"), ("X", "y")
SETTING = (bool, int, float, str, type(None))
PLAIN = {"self", "X", "y", "sample_weight"}  # what a fit of scikit-learn is given that can be shared out


def of_network(watch: Watch, given: Dict[str, Foreign]) -> Dict[str, Foreign]:
    """Return the arguments *given* to a fit of Keras without the rows that are held out."""
    why_not = ""
    if given.get("validation_data") is not None or given.get("validation_split"):
        why_not = "the fit has validation data of its own"
    elif given.get("steps_per_epoch") is not None:
        why_not = "steps_per_epoch says how many batches there are"
    return watch.holdout.take(watch.trace, given["self"], given, KERAS, why_not, _ask_network)


def of_estimator(watch: Watch, given: Dict[str, Foreign], metric: str) -> Dict[str, Foreign]:
    """Return the arguments *given* to a fit of scikit-learn without the rows that are held out.

    *metric* is what the estimator's own ``score`` returns.
    """
    more = sorted(name for name, value in given.items() if name not in PLAIN and not isinstance(value, SETTING))
    why_not = "the fit is given {} beside its rows".format(", ".join(more)) if more else ""
    if not hasattr(given["self"], "score"):
        why_not = "the estimator has no score"
    return watch.holdout.take(watch.trace, given["self"], given, SCIKIT, why_not, partial(_ask_estimator, metric))


def on_held_out(watch: Watch) -> List[Measurement]:
    """Return what the script's model makes of the rows that were held out; the script must have ended."""
    with watch.inside("held out"), watch.guard("measuring on what was held out"):
        return watch.holdout.measurements(watch.trace)
    return []


def _ask_network(model: Foreign, inputs: Foreign, labels: Foreign) -> Dict[str, float]:
    told = model.evaluate(inputs, labels, verbose=0, return_dict=True)
    numbers = {name: as_number(value) for name, value in told.items()}
    found = {name: number for name, number in numbers.items() if number is not None}
    if not any(canonical(name) == "accuracy" for name in found):
        accuracy = accuracy_of(model.predict(inputs, verbose=0), labels)
        found.update({} if accuracy is None else {"accuracy": accuracy})
    return found


def _ask_estimator(metric: str, model: Foreign, inputs: Foreign, labels: Foreign) -> Dict[str, float]:
    found = {metric: float(model.score(inputs, labels))}
    if "r2" in found:
        missed = model.predict(inputs).ravel() - getattr(labels, "to_numpy", lambda: labels)().ravel()
        found.update(mae=float(abs(missed).mean()), mse=float((missed**2).mean()))
    return found
