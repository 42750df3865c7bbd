"""One ``fit`` of Keras: its epochs are logged, its state is saved, and a later run resumes it."""

from __future__ import annotations

from typing import Dict, Optional

from trainprobe.facts.collect import describe_network_fit
from trainprobe.foreign import Foreign, numbers_in
from trainprobe.hooks.on_keras import randomness
from trainprobe.hooks.on_keras import state as keras_state
from trainprobe.hooks.on_keras.callbacks import AuthorsCallbacks, EarlierEpochs
from trainprobe.hooks.on_keras.fast_forward import FastForward, OutOfReachError, fast_forward
from trainprobe.hooks.on_keras.progress import Progress, describe_training
from trainprobe.hooks.on_keras.warm_start import StartingPoint, layers_of, recipe_of
from trainprobe.patching.wrap import Function, call_with
from trainprobe.training.arrays_in_json import Arrays
from trainprobe.training.checkpoint import Checkpoint, State
from trainprobe.training.stopping import why_stop
from trainprobe.watch import Watch

FORWARD_SHARE = 0.1  # of the time that the epochs took may be spent on drawing their data again,
FORWARD_SECONDS = 2.0  # and this long in any case
COMPILING = 3.0  # seconds of the first epoch that may have gone into compiling


class KerasFit:
    """One call of *original*, a model's ``fit``, with the arguments *given*; *callback* is the library's base class."""

    def __init__(self, watch: Watch, callback: Foreign, original: Function, given: Dict[str, Foreign]) -> None:
        self._watch = watch
        self._base = callback
        self._original = original
        self.given = given
        self._model = given["self"]
        self._authors = AuthorsCallbacks(given.get("callbacks"))
        self._number = sum(fit.library == "keras" for fit in watch.trace.fits)
        self._noted = watch.trace.add_fit("keras", self._model, given.get("x"), given.get("y"))
        self._state = self._fresh()
        self._earlier = EarlierEpochs()
        self._resumed: Optional[Checkpoint] = None
        self._forwards = True
        self._random_restored = False
        self._size = 0
        self._start = StartingPoint(watch, self._number)
        self._recipe = ""
        self._progress = Progress(watch.events, self._number, self._state.epochs)

    def run(self) -> Foreign:
        """Train, resume, or skip what an earlier run finished; return what ``fit`` returns."""
        self._watch.checkpoints.start()
        with self._watch.guard("the configuration of the optimizer"):
            self._recipe = recipe_of(self._model)
        self._resumed = self._load() or self._start.checkpoint(self._state, self._model, self._authors)
        history = self._train()
        with self._watch.guard("the end of fit"):
            self._finish(history)
        return history

    def on_train_begin(self) -> None:
        """Take over the checkpoint's state; by now Keras has built the model and its optimizer."""
        self._authors.training_begins()
        if self._resumed is None:
            self._start.inherit(self._state, self._model)
            return
        keras_state.restore(self._model, self._resumed.arrays, self._resumed.state.plan)
        keras_state.forget_backup(self._model)
        self._state = self._resumed.state
        self._earlier = EarlierEpochs.of(self._resumed)
        with self._watch.guard("the author's callbacks"):
            self._authors.restore(self._state.callbacks, self._resumed.arrays)
        if self._state.finished:
            self._watch.events.write("skipped", fit=self._number, epochs=self._state.epochs)
            return
        how = self._state.warm.get("how", "resume")
        self._watch.events.write("resumed", fit=self._number, epoch=self._state.epoch, how=how)
        self._fast_forward()

    def on_epoch_begin(self, epoch: int, batches: Optional[int]) -> None:
        """Start the epoch's clock."""
        self._progress.epoch_begins(epoch, batches)
        self._earlier.put_into(getattr(self._model, "history", None))

    def on_epoch_end(self, epoch: int, logs: Optional[Dict[str, Foreign]]) -> None:
        """Keep the metrics of epoch number *epoch* (from 0), save its state if due, then log it."""
        seconds = self._progress.epoch_ends()
        self._earlier.add(logs or {})
        metrics = numbers_in(logs or {})
        self._state.epoch = epoch + 1
        self._state.seconds += seconds
        for name, number in metrics.items():
            self._state.curves.setdefault(name, []).append(number)
        self._stop_early()
        # A fit that a callback stops now is stopped again by that callback when it goes on from the epoch before.
        if not getattr(self._model, "stop_training", False) and self._is_due():
            self._save()
        self._watch.events.write(
            "epoch",
            fit=self._number,
            epoch=epoch + 1,
            epochs=self._state.epochs,
            metrics=metrics,
            seconds=round(seconds, 6),
        )

    def _stop_early(self) -> None:
        """End a training that is not worth its epochs; the script goes on to its evaluation."""
        stop, state = self._watch.training.stop, self._state
        if stop is None or state.epoch >= state.epochs:
            return
        why = why_stop(stop, state.curves, state.epoch - state.start)
        if why:
            self._model.stop_training = True
            self._watch.trace.stopped = True
            self._watch.events.write("stopped", fit=self._number, epoch=state.epoch, why=why)

    def _train(self) -> Foreign:
        self._authors.append_to_logs(wanted=self._resumed is not None)
        if self._resumed is not None:
            for path in self._authors.files():
                self._watch.checkpoints.bring_back(self._number, path)
            for template in self._authors.series():
                self._watch.checkpoints.bring_back_series(template)
        try:
            return self._call()
        except OutOfReachError:
            self._forwards = False
            return self._call()
        except keras_state.UnfitError as unfit:
            self._report_unusable("mismatched", "none", str(unfit))
            self._watch.checkpoints.forget(self._number)
            self._resumed, self._state, self._earlier = None, self._fresh(), EarlierEpochs()
            self._start.cold(self._state, str(unfit))
            self._authors.append_to_logs(wanted=False)
            return self._call()

    def _call(self) -> Foreign:
        given = dict(self.given)
        given["callbacks"] = [*self._authors.callbacks, self._as_callback()]
        state = self._resumed.state if self._resumed is not None else None
        if state is not None and state.finished:
            given.update(callbacks=[self._as_callback()], initial_epoch=state.epochs, verbose=0)
            for callback in self._authors.callbacks:
                callback.set_model(self._model)
        elif state is not None and not self._forwards_later(state):
            given["initial_epoch"] = state.epoch
        return call_with(self._original, given)

    def _as_callback(self) -> Foreign:
        fit = self

        class TrainyardCallback(self._base):  # type: ignore[name-defined, misc]
            async_safe = True  # its batches need not be waited for
            _supports_tf_logs = True  # nor their metrics turned into numbers

            def on_train_begin(self, logs: Foreign = None) -> None:  # noqa: ARG002 - Keras names it
                fit.on_train_begin()

            def on_epoch_begin(self, epoch: int, logs: Foreign = None) -> None:  # noqa: ARG002 - the same
                with fit._watch.guard("the beginning of an epoch"):
                    fit.on_epoch_begin(epoch, self.params.get("steps"))

            def on_train_batch_begin(self, batch: int, logs: Foreign = None) -> None:  # noqa: ARG002 - the same
                fit._progress.batch_begins(batch)

            def on_epoch_end(self, epoch: int, logs: Foreign = None) -> None:
                with fit._watch.guard("the end of an epoch"):
                    fit.on_epoch_end(epoch, logs)

        return TrainyardCallback()

    def _forwards_later(self, state: State) -> bool:
        """Return whether Keras begins with the first epoch, and its data is skipped when Keras draws it.

        Keras 2 needs that: it makes as many epochs of data as it trains.
        """
        return self._forwards and state.epoch < state.epochs and keras_state.is_keras_2(self._model)

    def _fast_forward(self) -> None:
        if self._state.epoch >= self._state.epochs:
            return
        seconds = FORWARD_SECONDS + FORWARD_SHARE * self._state.seconds
        part = FastForward(self._state.start, self._state.epoch, seconds)
        try:
            if self._forwards:
                fast_forward(self._original, part, self._restore_random_state)
                return
        except OutOfReachError:
            if self._forwards_later(self._state):
                raise
        self._restore_random_state()

    def _restore_random_state(self, data_has_drawn: bool = False) -> None:  # noqa: FBT001, FBT002 - the data says so itself
        """Restore the random state of the checkpoint; this happens once."""
        if self._resumed is not None and not self._random_restored:
            self._random_restored = True
            but = ("python", "numpy") if data_has_drawn else ()
            with self._watch.guard("random state"):
                randomness.restore(self._resumed.state.random, self._resumed.arrays, but=but)

    def _fresh(self) -> State:
        start, epochs = self.given.get("initial_epoch", 0), self.given.get("epochs", 1)
        return State(self._number, int(start), int(epochs), finished=False, start=int(start))

    def _load(self) -> Optional[Checkpoint]:
        with self._watch.guard("reading a checkpoint"):
            found, problems = self._watch.checkpoints.load(self._number)
            if problems:
                self._report_unusable("corrupt", "previous" if found else "none", "; ".join(problems))
            if found is None or (found.state.start, found.state.epochs) == (self._state.start, self._state.epochs):
                return found
            why = "it belongs to a fit from epoch {0.start} to {0.epochs}".format(found.state)
            self._report_unusable("mismatched", "none", why)
            self._watch.checkpoints.forget(self._number)
        return None

    def _report_unusable(self, state: str, used: str, why: str) -> None:
        self._watch.events.write("checkpoint", fit=self._number, state=state, used=used, why=why)

    def _is_due(self, *, at_end: bool = False) -> bool:
        self._size = self._size or keras_state.size_of(self._model)
        return self._watch.checkpoints.is_due(self._size, at_end=at_end)

    def _is_for_others(self) -> bool:
        first = self._number == 0  # of several fits none is kept
        return first and self._watch.training.keeps_checkpoint and self._watch.checkpoints.is_worth_it(self._size)

    def _save(self) -> None:
        with self._watch.checkpoints.spending():
            try:
                for path in self._authors.files():
                    if path.is_file():
                        self._watch.checkpoints.keep_file(self._number, path)
                self._watch.checkpoints.save(self._checkpoint())
            except OSError as error:  # the disk is full: the training goes on, and the log has the error
                self._watch.events.write("probe_error", what="writing a checkpoint", message=str(error))

    def _checkpoint(self) -> Checkpoint:
        # names of arrays: a for the author's callbacks, h for the history, r for random state, w and o for the model
        authors, history, drawn = Arrays("a", foreign=self._authors.data), Arrays("h"), Arrays("r")
        self._state.plan = {**keras_state.plan_of(self._model), "recipe": self._recipe}
        if self._state.finished and self._watch.training.keeps_checkpoint:
            self._state.plan["layers"] = layers_of(self._model)
        self._state.callbacks = self._authors.state(authors)
        self._state.history = self._earlier.as_plain(history)
        self._state.random = randomness.take(drawn.keep)
        model = keras_state.arrays_of(self._model)
        return Checkpoint(self._state, {**model, **authors.kept, **history.kept, **drawn.kept})

    def _finish(self, history: Foreign) -> None:
        skipped = self._state.finished
        if self._resumed is not None:
            self._earlier.put_into(history)
            self._restore_random_state()
        self._noted.curves = self._state.curves
        with self._watch.guard("weights that were put back"):
            self._noted.restored = self._authors.restored_epoch(self._state.curves, self._model.get_weights())
        self._noted.finished = True
        self._state.finished = True
        if not skipped and (self._is_due(at_end=True) or self._is_for_others()):
            self._earlier.ends_as(history)
            self._save()
            self._watch.checkpoints.settle(self._number)
        if self._state.warm:
            self._watch.trace.run_facts["warm"] = self._state.warm
        self._noted.seconds = self._state.seconds
        training = describe_training(self._state, self.given, self._progress.batches)
        describe_network_fit(self._watch.trace, self._noted, self.given, training, self._progress.pace(COMPILING))
