"""Watches how Keras measures: ``evaluate``, ``predict``, steps by hand, metric objects; and which model is saved."""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import Deque, Dict, List, Set, Tuple

from trainprobe.call_site import name_of
from trainprobe.data.fits import Fit
from trainprobe.data.kind import DataKind, first_known, kind_in
from trainprobe.data.samples import rows_of
from trainprobe.foreign import Foreign
from trainprobe.names import canonical
from trainprobe.numeric import as_number
from trainprobe.patching.wrap import Function, arguments, wrap
from trainprobe.watch import Watch

SMOOTHED = 50  # batches of a training by hand whose mean is a point of the curve
MOST_POINTS = 20_000


def watch_measures(watch: Watch, keras: Foreign, owners: List[Foreign]) -> None:
    """Wrap what measures in the *owners*, the classes that a model of this *keras* inherits from."""
    by_hand = _ByHand(watch)
    for owner in owners:
        for name in ("evaluate", "evaluate_generator"):
            wrap(owner, name, partial(_evaluate, watch, name))
        for name in ("predict", "predict_generator", "predict_classes"):
            wrap(owner, name, partial(_predict, watch, name))
        wrap(owner, "train_on_batch", by_hand.train)
        wrap(owner, "test_on_batch", by_hand.test)
        for name in ("save", "save_weights"):
            wrap(owner, name, partial(_save, watch))
    objects = _Objects(watch)
    for owner in getattr(keras.metrics.Mean, "__mro__", ()):
        if owner.__module__.split(".")[0] == keras.__name__:
            wrap(owner, "result", objects.result)
            for name in ("reset_state", "reset_states"):
                wrap(owner, name, objects.reset)


def _evaluate(watch: Watch, name: str, original: Function) -> Function:
    def evaluate(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.measuring("evaluate") as own:
            data, rows = DataKind.UNKNOWN, 0
            if own:
                with watch.guard("the data of evaluate"):
                    given = arguments(original, (self, *args), kwargs)
                    data = watch.trace.kind_of(self, given.get("x", given.get("generator")), given.get("y"))
                    rows = rows_of(given.get("x")) or 0
            value = original(self, *args, **kwargs)
            if own:
                with watch.guard("evaluate"):
                    for metric, number in _results(self, value).items():
                        watch.trace.measured(metric, number, data, "keras." + name, self, rows)
            return value

    return evaluate


def _predict(watch: Watch, name: str, original: Function) -> Function:
    def predict(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.measuring("predict") as own:
            predicted = original(self, *args, **kwargs)
            if own:
                with watch.guard(name):
                    given = arguments(original, (self, *args), kwargs)
                    data = watch.trace.kind_of(self, given.get("x", given.get("generator")))
                    watch.trace.predicted(predicted, data, self)
            return predicted

    return predict


def _save(watch: Watch, original: Function) -> Function:
    def save(self: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
        with watch.inside("save") as outermost:
            saved = original(self, *args, **kwargs)
            if outermost:
                with watch.guard("save"):
                    watch.trace.kept(self)
            return saved

    return save


class _ByHand:
    """Trainings and tests whose batches the script feeds itself."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._fits: Dict[int, Tuple[Fit, Dict[str, Deque[float]]]] = {}
        self._pass: Tuple[Foreign, ...] = ()
        self._sums: Dict[str, Tuple[float, int]] = {}

    def train(self, original: Function) -> Function:
        """Note what each batch of a training gave as the points of a curve."""

        def train_on_batch(model: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
            with self._watch.inside("train_on_batch") as outermost:
                value = original(model, *args, **kwargs)
                if outermost:
                    with self._watch.guard("train_on_batch"):
                        self._trained(model, value)
                return value

        return train_on_batch

    def test(self, original: Function) -> Function:
        """Note the mean over the batches that were tested since the last training."""

        def test_on_batch(model: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
            with self._watch.inside("test_on_batch") as outermost:
                value = original(model, *args, **kwargs)
                if outermost:
                    with self._watch.guard("test_on_batch"):
                        self._tested(model, value, arguments(original, (model, *args), kwargs))
                return value

        return test_on_batch

    def _trained(self, model: Foreign, value: Foreign) -> None:
        trace = self._watch.trace
        number = trace.number_of(model)
        if number not in self._fits:
            noted = trace.fitted("keras", model, None, None)
            noted.finished = True
            self._fits[number] = noted, {}
        trace.training(model)
        noted, latest = self._fits[number]
        for name, result in _results(model, value).items():
            latest.setdefault(name, deque(maxlen=SMOOTHED)).append(result)
            points = noted.curves.setdefault(name, [])
            if len(points) >= MOST_POINTS:
                del points[::2]
            points.append(sum(latest[name]) / len(latest[name]))

    def _tested(self, model: Foreign, value: Foreign, given: Dict[str, Foreign]) -> None:
        trace, batch = self._watch.trace, given.get("x")
        data = trace.kind_of(model, batch, given.get("y"))
        this_pass = (trace.number_of(model), trace.trained_at, data)
        if this_pass != self._pass:
            self._pass, self._sums = this_pass, {}
        rows = len(batch) if batch is not None and hasattr(batch, "__len__") and not isinstance(batch, dict) else 1
        for name, result in _results(model, value).items():
            total, before = self._sums.get(name, (0.0, 0))
            self._sums[name] = total + result * rows, before + rows
            trace.measured_again(name, self._sums[name][0] / self._sums[name][1], data, "keras.test_on_batch")


class _Objects:
    """Metric objects that the script updates and reads itself, as beside a ``GradientTape``."""

    def __init__(self, watch: Watch) -> None:
        self._watch = watch
        self._open: Set[str] = set()
        self._names: Dict[int, str] = {}

    def result(self, original: Function) -> Function:
        """Note what the script reads; a later reading takes the place of an earlier one."""

        def result(metric: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
            value = original(metric, *args, **kwargs)
            if self._watch.is_idle:
                with self._watch.inside("result") as outermost, self._watch.guard("result of a metric"):
                    if outermost:
                        self._read(metric, value)
            return value

        return _by_hand_of_autograph(result)

    def reset(self, original: Function) -> Function:
        """Begin another point of the curve."""

        def reset_state(metric: Foreign, *args: Foreign, **kwargs: Foreign) -> Foreign:
            self._open.discard(self._names.get(id(metric), ""))
            return original(metric, *args, **kwargs)

        return _by_hand_of_autograph(reset_state)

    def _read(self, metric: Foreign, value: Foreign) -> None:
        number = as_number(value.numpy() if hasattr(value, "numpy") else value)
        if number is None:
            return
        name = self._name(metric)
        points = self._watch.trace.loops.setdefault(name, [])
        if name in self._open:
            points.pop()
        points.append(number)
        self._open.add(name)
        kind = type(metric).__name__
        if canonical(name) == "accuracy" or ("Accuracy" in kind and "TopK" not in kind):
            data = first_known((kind_in(name), kind_in(str(metric.name))))
            self._watch.trace.measured_again("accuracy", number, data, "keras metric " + name)

    def _name(self, metric: Foreign) -> str:
        """Return the metric's own name where its author gave it one, else that of the variable that holds it."""
        if id(metric) not in self._names:
            own = str(metric.name)
            given = name_of(metric) if kind_in(own) is DataKind.UNKNOWN else ""
            taken = set(self._names.values())
            free = (name for name in (given, own) if name and name not in taken)
            self._names[id(metric)] = next(free, "{}_{}".format(own, len(taken)))
        return self._names[id(metric)]


def _by_hand_of_autograph(function: Function) -> Function:
    function.autograph_info__ = True  # type: ignore[attr-defined]  # TensorFlow is not to compile it
    return function


def _results(model: Foreign, value: Foreign) -> Dict[str, float]:
    if isinstance(value, dict):
        named = value
    elif hasattr(model, "get_metrics_result"):
        named = model.get_metrics_result()
    else:
        values = value if isinstance(value, (list, tuple)) else [value]
        named = dict(zip(model.metrics_names, values))  # noqa: B905 - Python 3.7 has no strict
    numbers = {
        str(name): as_number(result.numpy() if hasattr(result, "numpy") else result) for name, result in named.items()
    }
    return {name: number for name, number in numbers.items() if number is not None}
