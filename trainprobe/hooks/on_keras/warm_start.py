"""A ``fit`` of Keras that starts from the weights of an earlier trial."""

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
MISSING = "its checkpoint is missing or belongs to another fit"


class StartingPoint:
    """What one fit takes over from the trial that the task names, if any; the outcome becomes a fact."""

    def __init__(self, watch: Watch, number: int) -> None:
        """Begin fit number *number* of the script."""
        self._watch = watch
        self._number = number
        self._warm: Optional[WarmStart] = watch.training.warm

    def checkpoint(self, fresh: State, model: Foreign, authors: AuthorsCallbacks) -> Optional[Checkpoint]:
        """Return the checkpoint that a fit in the state *fresh* continues from; None where it can't, or is not to."""
        if self._warm is None or self._warm.how != "continue":
            return None
        found = self._found()
        why = MISSING if found is None else _hindrance(found.state, fresh, model, authors)
        if found is None or why:
            self.cold(fresh, why)
            return None
        self._watch.checkpoints.take_files(self._number, self._warm.path)
        found.state.warm = self._fact("continue", "it continues after {} epochs".format(found.state.epoch))
        found.state.epochs, found.state.finished = fresh.epochs, False
        found.state.history = without_params(found.state.history)
        return found

    def inherit(self, fresh: State, model: Foreign) -> None:
        """Give *model* what it can inherit of the other trial's weights, where it is to."""
        if self._warm is None or self._warm.how != "inherit":
            return
        found = self._found()
        if found is None:
            self.cold(fresh, MISSING)
            return
        try:
            done = inherit(model, found, seed=self._watch.training.seed)
        except Exception as error:  # the script trains from random weights then, as it would without the probe
            self.cold(fresh, "{}: {}".format(type(error).__name__, error))
            return
        fresh.warm = self._fact("inherit", done)
        self._watch.events.write("inherited", fit=self._number, trial=self._warm.trial, what=done)

    def cold(self, state: State, why: str) -> None:
        """Note that the fit starts from random weights after all."""
        if self._warm is not None:
            state.warm = self._fact("cold", why)

    def _fact(self, how: str, why: str) -> Dict[str, object]:
        return {"trial": self._warm.trial if self._warm else 0, "how": how, "why": why}

    def _found(self) -> Optional[Checkpoint]:
        found = self._watch.checkpoints.read_from(self._warm.path) if self._warm is not None else None
        return found if found is not None and found.state.fit == self._number else None


def recipe_of(model: Foreign) -> str:
    """Return the configuration of the optimizers of *model*, the schedules of their rates included."""
    configs = [[type(optimizer).__name__, optimizer.get_config()] for optimizer in optimizers_of(model)]
    return json.dumps(configs, default=repr, sort_keys=True)


def keep_for_others(watch: Watch, run_dir: Path) -> List[Dict[str, object]]:
    """Copy the checkpoint of the script's only fit to *run_dir*; return its entry in result.json, if there is one.

    Of several fits, it would not be known which one a longer training continues.
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


def _hindrance(before: State, fresh: State, model: Foreign, authors: AuthorsCallbacks) -> str:
    """Return why a fit can't continue where another one ended; empty if it can."""
    if not before.finished or before.epoch != before.epochs:
        return "it ended before its last epoch"
    if before.start != fresh.start or before.epochs >= fresh.epochs:
        return "it trained from epoch {} to {}, and this one trains from {} to {}".format(
            before.start, before.epochs, fresh.start, fresh.epochs
        )
    if before.plan.get("recipe") != recipe_of(model):
        return "the optimizer is configured differently, perhaps because of the number of epochs"
    if any(getattr(optimizer, "use_ema", False) for optimizer in optimizers_of(model)):
        return "the optimizer replaced the last weights by averages"
    return authors.hindrance()
