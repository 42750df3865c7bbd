"""Watches Keras: ``fit``, ``evaluate``, ``predict``, steps by hand, metric objects, and saved models."""

from __future__ import annotations

from collections import deque
from functools import partial
from inspect import ismodule
from typing import Deque, Dict, List, Sequence, Set, Tuple

from trainprobe.call_site import name_of
from trainprobe.data.evaluated import UNKNOWN_ROWS, Evaluated, evaluated
from trainprobe.data.fits import Fit
from trainprobe.data.kind import DataKind, first_known, kind_in
from trainprobe.data.samples import Rows
from trainprobe.foreign import Foreign, as_number, numbers_in
from trainprobe.hooks.held_out import of_network
from trainprobe.hooks.observe import Call, observe
from trainprobe.hooks.on_keras.fit import KerasFit
from trainprobe.names import canonical
from trainprobe.patching.imports import AfterImport
from trainprobe.patching.wrap import Function, around, wrap
from trainprobe.watch import KERAS_FIT, Watch

SMOOTHED = 50  # batches of a training by hand whose mean is a point of the curve


def keras_steps(watch: Watch) -> Dict[str, AfterImport]:
    """Return what to do after the import of Keras, under each of its names; ``tensorflow.keras`` is one of them."""
    return {"keras": partial(_watch_models, watch), "tf_keras": partial(_watch_models, watch)}


def _watch_models(watch: Watch, keras: Foreign) -> None:
    with watch.guard("watching Keras"):
        model = getattr(keras, "Model", None) or keras.models.Model
        for owner in _owners(model, keras.__name__):
            wrap(owner, "fit", observe(watch, KERAS_FIT, before=partial(_fit_begins, keras)))
        _watch_measures(watch, keras, _owners(model, keras.__name__))
    with watch.guard("watching the data sets of Keras"):
        for module in filter(ismodule, list(vars(keras.datasets).values())):
            wrap(module, "load_data", observe(watch, "load_data", after=_loaded))
    with watch.guard("letting loaded optimizers wait"):
        if keras.__name__ == "keras":  # tf-keras builds its optimizers otherwise
            for owner in _owners(keras.optimizers.Optimizer, "keras"):
                wrap(owner, "build", around(_build_optimizer))


def _loaded(call: Call, parts: Foreign) -> None:
    call.watch.trace.splits.add(*parts)


def _owners(model: Foreign, library: str) -> List[Foreign]:
    # Model inherits fit from the trainer of the backend in use; patched where it is defined, all subclasses have it.
    return [owner for owner in model.__mro__ if owner.__module__.split(".")[0] == library]


def _fit_begins(keras: Foreign, call: Call) -> None:
    if call.given:
        fit = KerasFit(call.watch, keras.callbacks.Callback, call.function, call.given)
        call.instead = fit.run
        trace, validation = call.watch.trace, call.given.get("validation_data")
        trace.add_validation_data(trace.fits[-1], validation)
        if isinstance(validation, (list, tuple)) and not trace.fits[-1].holds_nothing_out:
            trace.note_rows(DataKind.VALIDATION, Rows.of(*validation[:2]), call.owner)
        if call.watch.holdout:
            fit.given = of_network(call.watch, call.given)  # all rows count as training data


def _build_optimizer(original: Function, self: Foreign, variables: Sequence[Foreign]) -> Foreign:
    """Make an optimizer that is built without variables wait for the first step, which has them.

    Keras 3 builds the optimizer of a model that was loaded from a ``.h5`` file only for the variables of the model
    itself. Where all are in its layers, there are none, and the first step then raises "Unknown variable".
    """
    return original(self, variables) if len(variables) else None


def _watch_measures(watch: Watch, keras: Foreign, owners: List[Foreign]) -> None:
    by_hand = _TrainingByHand(watch)
    for owner in owners:
        for name in ("evaluate", "evaluate_generator"):
            evaluated = partial(_evaluated, "keras." + name)
            wrap(owner, name, observe(watch, name, before=_evaluate, after=evaluated, scope=watch.measuring))
        for name in ("predict", "predict_on_batch", "predict_generator", "predict_classes"):
            wrap(owner, name, observe(watch, name, after=_predicted, scope=watch.measuring))
        wrap(owner, "train_on_batch", observe(watch, "train_on_batch", after=by_hand.trained))
        wrap(owner, "test_on_batch", observe(watch, "test_on_batch", after=by_hand.tested))
        for name in ("save", "save_weights"):
            wrap(owner, name, observe(watch, "save", after=_saved))
    objects = _MetricObjects(watch)
    for owner in getattr(keras.metrics.Mean, "__mro__", ()):
        if owner.__module__.split(".")[0] == keras.__name__:
            wrap(owner, "result", observe(watch, "result of a metric", after=objects.read, scope=watch.beside))
            for name in ("reset_state", "reset_states"):
                wrap(owner, name, observe(watch, "reset of a metric", before=objects.reset, scope=watch.beside))


def _evaluate(call: Call) -> None:
    inputs = call.given.get("x", call.given.get("generator"))
    data = call.watch.trace.kind_of(call.owner, inputs, call.given.get("y"))
    call.noted = data, UNKNOWN_ROWS if call.given.get("steps") else evaluated(inputs, call.given.get("y"))
    call.watch.trace.note_rows(data, Rows.of(call.given.get("x"), call.given.get("y")), call.owner)


def _evaluated(source: str, call: Call, value: Foreign) -> None:
    data, on = call.noted or (DataKind.UNKNOWN, UNKNOWN_ROWS)
    for metric, number in _results(call.owner, value).items():
        call.watch.trace.add_measurement(metric, number, data, source, call.watch.trace.number_of(call.owner), on)


def _predicted(call: Call, predictions: Foreign) -> None:
    data = call.watch.trace.kind_of(call.owner, call.given.get("x", call.given.get("generator")))
    call.watch.trace.add_prediction(predictions, data, call.owner)


def _saved(call: Call, _saved: Foreign) -> None:
    call.watch.trace.note_saved(call.owner)


class _TrainingByHand:
    def __init__(self, watch: Watch) -> None:
        self._trace = watch.trace
        self._fits: Dict[int, Tuple[Fit, Dict[str, Deque[float]]]] = {}
        self._pass: Tuple[Foreign, ...] = ()
        self._sums: Dict[str, Tuple[float, int]] = {}

    def trained(self, call: Call, value: Foreign) -> None:
        """Add a point to the curves: the mean over the latest batches."""
        trace, model = self._trace, call.owner
        number = trace.number_of(model)
        if number not in self._fits:
            noted = trace.add_fit("keras", model, None, None)
            noted.finished = True
            self._fits[number] = noted, {}
        trace.note_training(model)
        noted, latest = self._fits[number]
        for name, result in _results(model, value).items():
            latest.setdefault(name, deque(maxlen=SMOOTHED)).append(result)
            noted.add_point(name, sum(latest[name]) / len(latest[name]))

    def tested(self, call: Call, value: Foreign) -> None:
        """Note the mean over the batches that were tested since the last training."""
        trace, model, batch = self._trace, call.owner, call.given.get("x")
        data = trace.kind_of(model, batch, call.given.get("y"))
        this_pass = (trace.number_of(model), trace.trained_at, data)
        if this_pass != self._pass:
            self._pass, self._sums = this_pass, {}
        rows = len(batch) if batch is not None and hasattr(batch, "__len__") and not isinstance(batch, dict) else 1
        for name, result in _results(model, value).items():
            total, before = self._sums.get(name, (0.0, 0))
            self._sums[name] = total + result * rows, before + rows
            mean, on = total + result * rows, Evaluated(before + rows)
            trace.replace_measurement(name, mean / on.rows, data, "keras.test_on_batch", on)


class _MetricObjects:
    """Metric objects that the script updates and reads itself, as beside a ``GradientTape``."""

    def __init__(self, watch: Watch) -> None:
        self._trace = watch.trace
        self._open: Set[str] = set()
        self._names: Dict[int, str] = {}

    def reset(self, call: Call) -> None:
        """Start another point of the curve."""
        self._open.discard(self._names.get(id(call.owner), ""))

    def read(self, call: Call, value: Foreign) -> None:
        """Note the value that the script reads; it replaces that of an earlier reading."""
        number, metric = as_number(value.numpy() if hasattr(value, "numpy") else value), call.owner
        if number is None:
            return
        name = self._name(metric)
        points = self._trace.loops.setdefault(name, [])
        if name in self._open:
            points.pop()
        points.append(number)
        self._open.add(name)
        kind = type(metric).__name__
        if canonical(name) == "accuracy" or ("Accuracy" in kind and "TopK" not in kind):
            data = first_known((kind_in(name), kind_in(str(metric.name))))
            self._trace.replace_measurement("accuracy", number, data, "keras metric " + name)

    def _name(self, metric: Foreign) -> str:
        """Return the metric's own name where its author chose one, else that of the variable that holds it."""
        if id(metric) not in self._names:
            own = str(metric.name)
            given = name_of(metric) if kind_in(own) is DataKind.UNKNOWN else ""
            taken = set(self._names.values())
            free = (name for name in (given, own) if name and name not in taken)
            self._names[id(metric)] = next(free, "{}_{}".format(own, len(taken)))
        return self._names[id(metric)]


def _results(model: Foreign, value: Foreign) -> Dict[str, float]:
    if isinstance(value, dict):
        return numbers_in(value)
    if hasattr(model, "get_metrics_result"):
        return numbers_in(model.get_metrics_result())
    values = value if isinstance(value, (list, tuple)) else [value]
    return numbers_in(dict(zip(model.metrics_names, values)))  # noqa: B905 - Python 3.7 has no strict
