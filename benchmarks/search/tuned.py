"""A search by one of KerasTuner's tuners, in a child of the nursery."""

import json
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from benchmarks.search.spaces import SPACES, Space, Split, build

MOST_TIMES = 5  # the author's epochs

TENSORBOARD = tuple("tensorboard.plugins.hparams.api".rsplit(".", dots)[0] for dots in range(4))
"""What KerasTuner imports before each trial, and has no use for where nobody asked for TensorBoard."""


def work(task: str) -> int:
    """Search as the file at *task* says, and write a line for each trial that was made."""
    for name in TENSORBOARD:
        sys.modules.setdefault(name, ModuleType(name))
    import keras
    import keras_tuner

    order = json.loads(Path(task).read_text())
    keras.utils.set_random_seed(order["seed"])
    space = SPACES[order["problem"]]
    split = space.load()

    class Searched(keras_tuner.HyperModel):  # type: ignore[misc]  # KerasTuner has no types
        """The space, as KerasTuner asks for it."""

        def build(self, hp: Any) -> Any:
            """Build the network of *hp*."""
            return build(hp, space, split)

        def fit(self, hp: Any, model: Any, *_: Any, **given: Any) -> Any:
            """Train it, keep what it came to, and end the search where that is enough."""
            return _fit(hp, model, space, split, order, given)

    tuner = _tuner(keras_tuner, order["tuner"], space, Searched(), order)
    tuner.search()
    return 0


def _tuner(library: Any, name: str, space: Space, model: Any, order: dict[str, Any]) -> Any:
    """Make the tuner called *name*."""
    always = {
        "objective": library.Objective("val_accuracy", "max"),
        "seed": order["seed"],
        "directory": order["folder"],
    }
    if name == "hyperband":
        return library.Hyperband(model, max_epochs=MOST_TIMES * space.epochs, hyperband_iterations=20, **always)
    kind = {"random": library.RandomSearch, "bayesian": library.BayesianOptimization}[name]
    return kind(model, max_trials=order["trials"], **always)


def _fit(hp: Any, model: Any, space: Space, split: Split, order: dict[str, Any], given: dict[str, Any]) -> Any:
    import keras_tuner

    began = time.process_time()
    asked = hp.Int("epochs", space.epochs, MOST_TIMES * space.epochs, step=space.epochs)
    batch = hp.Choice("batch_size", [16, 32, 64, 128])
    epochs = given.get("epochs", asked)  # Hyperband's own
    first = given.get("initial_epoch", 0)
    history = model.fit(
        split.x,
        split.y,
        batch_size=batch,
        epochs=epochs,
        initial_epoch=first,
        validation_data=(split.x_test, split.y_test),
        callbacks=given.get("callbacks"),
        verbose=0,
    )
    value = model.evaluate(split.x_test, split.y_test, verbose=0, return_dict=True)["accuracy"]
    made = Path(order["made"])
    line = {"value": value, "epochs": epochs - first, "seconds": time.process_time() - began, "values": hp.values}
    with made.open("a") as file:
        file.write(json.dumps(line) + "\n")
    if value >= order["threshold"] or len(made.read_text().splitlines()) >= order["trials"]:
        raise keras_tuner.errors.FatalError("no more trials are wanted")
    return history
