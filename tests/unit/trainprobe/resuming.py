"""Trials of scripts that kill themselves in the middle of each fit, and what an uninterrupted run of them tells."""

import json
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.unit.trainprobe.probing import Trial

PRELUDE = """
import json
import os
import pathlib
import signal
import numpy as np
import trainprobe.training.checkpoint
{imports}

trainprobe.training.checkpoint.SHARE = 1e9  # after every epoch, however short
CRASHES = {crashes}
FITS = []
HISTORIES = []
SEEN = pathlib.Path('../seen')
SEEN.mkdir(exist_ok=True)
rng = np.random.default_rng(5)
X = rng.normal(size=(48, 4)).astype('float32')
Y = (X.sum(axis=1) > 0).astype('int32') + (X[:, 0] > 1)


def state_of(model):
    slots = model.optimizer.variables
    slots = slots() if callable(slots) else slots
    return [np.asarray(v.numpy()) for v in [*model.variables, *slots]]


class Crash(keras.callbacks.Callback):
    '''Ends the process by SIGKILL after epoch 3 of every fit, once.'''

    def __init__(self):
        super().__init__()
        FITS.append(self)
        self.number = len(FITS) - 1
        self.marker = SEEN / f'crashed-{{self.number}}'

    def on_epoch_begin(self, epoch, logs=None):
        if epoch == 3 and self.number in CRASHES:
            name = 'restored' if self.marker.exists() else 'before'
            np.savez(SEEN / f'{{name}}-{{self.number}}.npz', *state_of(self.model))
            if not self.marker.exists():
                self.marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)


def fitted(history):
    HISTORIES.append({{'history': history.history, 'epoch': history.epoch, 'params': history.params}})
    return history
"""
ENDING = """
pathlib.Path('histories.json').write_text(json.dumps(HISTORIES, default=float))
"""
KERAS_3 = "import keras\nfrom keras import layers\nDROPPED = 0.2"
KERAS_2 = "import tf_keras as keras\nfrom tf_keras import layers\nDROPPED = 0  # its random state is out of reach"


@dataclass(frozen=True)
class Told:
    """What the last run of a trial left behind."""

    trial: Trial

    @property
    def histories(self) -> list[dict[str, Any]]:
        """What each fit returned to the script."""
        return list(json.loads((self.trial.root / "code" / "histories.json").read_text()))

    def saved(self, name: str) -> dict[str, Any]:
        """Return the arrays that the script saved under *name*."""
        with np.load(self.trial.root / "seen" / f"{name}.npz") as stored:
            return {key: stored[key] for key in stored.files}

    def files(self) -> list[str]:
        """Return the names of the files beside the script."""
        return sorted(path.name for path in (self.trial.root / "code").iterdir())

    def code(self, name: str) -> str:
        """Return the text of a file that the script wrote."""
        return (self.trial.root / "code" / name).read_text()


def followed(root: Path, script: str, *, imports: str = KERAS_3, crashes: int = 0, **task: Any) -> Told:
    """Run *script* until a run gets to its end; each of its first *crashes* fits is killed once.

    Raises:
        AssertionError: a run ended otherwise; it shows what the run said.
    """
    text = PRELUDE.format(imports=imports, crashes=list(range(crashes))) + script + ENDING
    trial = Trial(root, {"train.py": text}, task=task)
    for run in range(1, crashes + 2):
        ended = trial.run(run)
        wanted = -signal.SIGKILL if run <= crashes else 0
        assert ended.code == wanted, f"run {run}: {ended.code}\n{ended.stdout}{ended.stderr}"
        errors = [event for event in trial.events(run) if event["event"] in ("probe_error", "checkpoint")]
        assert errors == []
    return Told(trial)


def flat(value: object, path: str = "") -> dict[str, object]:
    """Return the leaves of nested lists and dictionaries by their path."""
    if isinstance(value, dict):
        items = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, list):
        items = [(str(key), item) for key, item in enumerate(value)]
    else:
        return {path: value}
    return {name: leaf for key, item in items for name, leaf in flat(item, f"{path}/{key}").items()}
