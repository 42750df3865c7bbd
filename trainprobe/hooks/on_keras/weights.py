"""Weights of an earlier trial, with which a ``fit`` of Keras begins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Dict, List, Optional

from trainprobe.foreign import Foreign
from trainprobe.hooks.on_keras.build import optimizers_of
from trainprobe.hooks.on_keras.callbacks import AuthorsCallbacks
from trainprobe.hooks.on_keras.history import without_params
from trainprobe.hooks.on_keras.layers import inherit
from trainprobe.task import WarmStart
from trainprobe.training.checkpoint import Checkpoint, State
from trainprobe.watch import Watch

CHECKPOINT = "checkpoint.npz"


class OtherTrial:
    """What one fit takes over from the trial that the task names, if any; what became of it is told as a fact."""

    def __init__(self, watch: Watch, number: int) -> None:
        """Begin fit number *number* of the script."""
        self._watch = watch
        self._number = number
        self._warm: Optional[WarmStart] = watch.training.warm

    def checkpoint(self, fresh: State, model: Foreign, authors: AuthorsCallbacks) -> Optional[Checkpoint]:
        """Return where a fit that begins as *fresh* goes on; None where it can't, or is not to."""
        if self._warm is None or self._warm.how != "continue":
            return None
        found, why = self._found(), ""
        if found is not None:
            why = _why_not(found.state, fresh, model, authors)
            if not why:
                self._watch.checkpoints.take_files(self._number, self._warm.path)
                done = found.state.epoch
                found.state.epochs, found.state.finished = fresh.epochs, False
                found.state.history = without_params(found.state.history)
                found.state.warm = self.told("continue", "it goes on after {} epochs".format(done))
                return found
        self.cold(fresh, why or "its checkpoint is not there or of another fit")
        return None

    def inherit(self, fresh: State, model: Foreign) -> None:
        """Give *model* what it can inherit of the other trial's weights, where it is to."""
        if self._warm is None or self._warm.how != "inherit":
            return
        found = self._found()
        if found is None:
            self.cold(fresh, "its checkpoint is not there or of another fit")
            return
        try:
            done = inherit(model, found, seed=self._watch.training.seed)
        except Exception as error:  # the script trains from random weights then, as it would without us
            self.cold(fresh, "{}: {}".format(type(error).__name__, error))
            return
        fresh.warm = self.told("inherit", done)
        self._watch.events.write("inherited", fit=self._number, trial=self._warm.trial, what=done)

    def cold(self, state: State, why: str) -> None:
        """Note that the fit begins with random weights after all."""
        if self._warm is not None:
            state.warm = self.told("cold", why)

    def told(self, how: str, why: str) -> Dict[str, object]:
        """Return what is told of the beginning."""
        return {"trial": self._warm.trial if self._warm else 0, "how": how, "why": why}

    def _found(self) -> Optional[Checkpoint]:
        found = self._watch.checkpoints.read_from(self._warm.path) if self._warm is not None else None
        return found if found is not None and found.state.fit == self._number else None


def recipe_of(model: Foreign) -> str:
    """Return how the optimizers of *model* were set up, their rates' schedules among it."""
    configs = [[type(optimizer).__name__, optimizer.get_config()] for optimizer in optimizers_of(model)]
    return json.dumps(configs, default=repr, sort_keys=True)


def keep_for_others(watch: Watch, run_dir: Path) -> List[Dict[str, object]]:
    """Put the checkpoint of the script's only fit into *run_dir*; return what result.json says of it, if there is one.

    Of several fits nobody could say which one a longer training goes on from.
    """
    fits = [fit for fit in watch.trace.fits if fit.library == "keras"]
    if not watch.training.keeps_checkpoint or len(fits) != 1:
        return []
    state = watch.checkpoints.state(0)
    if state is None or not state.finished:
        return []
    target = run_dir / CHECKPOINT
    watch.checkpoints.copy_to(0, target)
    return [{"path": "run:" + CHECKPOINT, "kind": "checkpoint", "bytes": target.stat().st_size}]


def _why_not(before: State, fresh: State, model: Foreign, authors: AuthorsCallbacks) -> str:
    """Say why a fit can't go on where another one ended; nothing where it can."""
    if not before.finished or before.epoch != before.epochs:
        return "it ended before its last epoch"
    if before.start != fresh.start or before.epochs >= fresh.epochs:
        return "it trained from epoch {} to {}, this one from {} to {}".format(
            before.start, before.epochs, fresh.start, fresh.epochs
        )
    if before.plan.get("recipe") != recipe_of(model):
        return "the optimizer is set up in another way, perhaps by the number of epochs"
    if any(getattr(optimizer, "use_ema", False) for optimizer in optimizers_of(model)):
        return "the optimizer put averages in the place of the last weights"
    return authors.hindrance()
