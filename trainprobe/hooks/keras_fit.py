"""One ``fit`` of Keras: its epochs are told, its state is kept, and a later run goes on from there."""

from __future__ import annotations

import inspect
import time
from typing import Dict, List, Optional

from trainprobe.checkpoint import Checkpoint, State
from trainprobe.facts import describe_fit
from trainprobe.foreign import Foreign
from trainprobe.hooks import keras_state
from trainprobe.hooks.calls import Function
from trainprobe.sources.variables import as_number
from trainprobe.watch import Watch


class KerasFit:
    """One call of ``fit`` by the script."""

    def __init__(self, watch: Watch, callback: Foreign, original: Function, given: Dict[str, Foreign]) -> None:
        """Prepare the call of *original* with the arguments *given*; *callback* is the library's base class."""
        self._watch = watch
        self._base = callback
        self._original = original
        self._given = given
        self._model = given["self"]
        self._authors = _listed(given.get("callbacks"))
        self._number = sum(fit.library == "keras" for fit in watch.trace.fits)
        self._noted = watch.trace.fitted("keras", self._model, given.get("x"), given.get("y"))
        self._state = State(self._number, 0, int(given.get("epochs", 1)), finished=False)
        self._resumed: Optional[Checkpoint] = None
        self._epoch_began = time.monotonic()

    def run(self) -> Foreign:
        """Train, or go on training, or skip what an earlier run finished; return what ``fit`` returns."""
        self._watch.checkpoints.start()
        self._resumed = self._load()
        try:
            history = self._call()
        except keras_state.UnfitError as unfit:
            self._tell_unusable("mismatched", "none", str(unfit))
            self._start_afresh()
            history = self._call()
        with self._watch.guard("the end of fit"):
            self._finish(history)
        return history

    def on_train_begin(self) -> None:
        """Take over the checkpoint's state; by now Keras has built the model and its optimizer."""
        if self._resumed is None:
            return
        keras_state.restore(self._model, self._resumed, self._given.get("x"))
        self._state = self._resumed.state
        with self._watch.guard("the author's callbacks"):
            keras_state.restore_counters(self._authors, self._state.callbacks)
            keras_state.restore_best_weights(self._authors, self._resumed.arrays)
            for path in keras_state.files_of(self._authors):
                self._watch.checkpoints.bring_back(self._number, path)
        if self._state.finished:
            self._watch.events.write("skipped", fit=self._number, epochs=self._state.epochs)
        else:
            self._watch.events.write("resumed", fit=self._number, epoch=self._state.epoch)

    def on_epoch_begin(self) -> None:
        """Start the epoch's clock."""
        self._epoch_began = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: Optional[Dict[str, Foreign]]) -> None:
        """Keep the metrics of epoch number *epoch* (from 0), then its state, then tell of it."""
        seconds = time.monotonic() - self._epoch_began
        numbers = {name: as_number(value) for name, value in (logs or {}).items()}
        metrics = {name: number for name, number in numbers.items() if number is not None}
        self._state.epoch = epoch + 1
        for name, number in metrics.items():
            self._state.curves.setdefault(name, []).append(number)
        # A fit that a callback stops now is stopped again by that callback when it goes on from the epoch before.
        if not getattr(self._model, "stop_training", False) and self._watch.checkpoints.is_due():
            self._save()
        self._watch.events.write(
            "epoch",
            fit=self._number,
            epoch=epoch + 1,
            epochs=self._state.epochs,
            metrics=metrics,
            seconds=round(seconds, 6),
        )

    def _call(self) -> Foreign:
        given = dict(self._given)
        given["callbacks"] = [*self._authors, self._as_callback()]
        if self._resumed is not None:
            given["initial_epoch"] = self._resumed.state.epoch
        if self._resumed is not None and self._resumed.state.finished:
            given.update(callbacks=[self._as_callback()], initial_epoch=self._resumed.state.epochs, verbose=0)
            for callback in self._authors:
                callback.set_model(self._model)
        bound = inspect.signature(self._original).bind_partial()
        bound.arguments.update(given)
        return self._original(*bound.args, **bound.kwargs)

    def _as_callback(self) -> Foreign:
        fit = self

        class TrainyardCallback(self._base):  # type: ignore[name-defined, misc]
            def on_train_begin(self, logs: Foreign = None) -> None:  # noqa: ARG002 - Keras names it
                fit.on_train_begin()

            def on_epoch_begin(self, epoch: int, logs: Foreign = None) -> None:  # noqa: ARG002 - the same
                fit.on_epoch_begin()

            def on_epoch_end(self, epoch: int, logs: Foreign = None) -> None:
                with fit._watch.guard("the end of an epoch"):
                    fit.on_epoch_end(epoch, logs)

        return TrainyardCallback()

    def _load(self) -> Optional[Checkpoint]:
        with self._watch.guard("reading a checkpoint"):
            found, problems = self._watch.checkpoints.load(self._number)
            if problems:
                self._tell_unusable("corrupt", "previous" if found else "none", "; ".join(problems))
            if found is None or found.state.epochs == self._state.epochs:
                return found
            self._tell_unusable("mismatched", "none", "it is of a fit of {} epochs".format(found.state.epochs))
            self._watch.checkpoints.forget(self._number)
        return None

    def _start_afresh(self) -> None:
        self._watch.checkpoints.forget(self._number)
        self._resumed = None
        self._state = State(self._number, 0, self._state.epochs, finished=False)

    def _tell_unusable(self, state: str, used: str, why: str) -> None:
        self._watch.events.write("checkpoint", fit=self._number, state=state, used=used, why=why)

    def _save(self) -> None:
        self._state.input_shape = keras_state.input_shape_of(self._model)
        self._state.callbacks = keras_state.counters_of(self._authors)
        arrays = {**keras_state.arrays_of(self._model), **keras_state.best_weights_of(self._authors)}
        try:
            self._watch.checkpoints.save(Checkpoint(self._state, arrays))
            for path in keras_state.files_of(self._authors):
                if path.is_file():
                    self._watch.checkpoints.keep_file(self._number, path)
        except OSError as error:  # no room: the training goes on, and the log tells
            self._watch.events.write("probe_error", what="writing a checkpoint", message=str(error))

    def _finish(self, history: Foreign) -> None:
        skipped = self._state.finished
        if self._resumed is not None and hasattr(history, "history"):
            history.history = {name: list(points) for name, points in self._state.curves.items()}
            history.epoch = list(range(self._state.epoch))
        self._noted.curves = self._state.curves
        self._noted.finished = True
        self._state.finished = True
        if not skipped and self._watch.checkpoints.is_due(at_end=True):
            self._save()
            self._watch.checkpoints.settle(self._number)
        describe_fit(self._watch.trace, "keras", self._model, self._given.get("x"), self._given.get("y"))


def _listed(callbacks: Foreign) -> List[Foreign]:
    if callbacks is None:
        return []
    if isinstance(callbacks, (list, tuple)):
        return list(callbacks)
    return list(getattr(callbacks, "callbacks", None) or [callbacks])
