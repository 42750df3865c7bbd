"""A short trial, and a longer one that begins with its checkpoint as the engine puts it there."""

import json
import shutil
from pathlib import Path
from typing import Any

from tests.unit.trainprobe.probing import Trial
from tests.unit.trainprobe.resuming import KERAS_3, PRELUDE

ENDING = """
np.savez(SEEN / 'end.npz', *state_of(model))
SEEN.joinpath('history.json').write_text(json.dumps([history.history, history.epoch, history.params], default=float))
"""


def trained(
    root: Path,
    script: str,
    *,
    of: Trial | None = None,
    how: str = "continue",
    imports: str = KERAS_3,
    runs: int = 1,
    crashes: int = 0,
    **task: Any,
) -> Trial:
    """Run *script* until its end, at first with the checkpoint of the trial *of* where there is one.

    Raises:
        AssertionError: a run ended otherwise; it shows what the run said.
    """
    text = PRELUDE.format(imports=imports, crashes=list(range(crashes))) + script + ENDING
    trial = Trial(root, {"train.py": text}, task={"keeps_checkpoint": True, **task})
    if of is not None:
        (root / "checkpoints").mkdir(parents=True)
        path = root / "checkpoints" / "warm.npz"
        if (of.run_dir(runs) / "checkpoint.npz").exists():
            shutil.copyfile(of.run_dir(runs) / "checkpoint.npz", path)
        trial.task["warm"] = {"trial": 1, "how": how, "path": str(path)}
    for run in range(1, crashes + 2):
        ended = trial.run(run)
        assert (ended.code == 0) == (run > crashes), f"run {run}: {ended.code}\n{ended.stdout}{ended.stderr}"
        errors = [event for event in trial.events(run) if event["event"] == "probe_error"]
        assert errors == []
    return trial


def result(trial: Trial, run: int = 1) -> dict[str, Any]:
    """Return what a run's result.json says."""
    return dict(json.loads((trial.run_dir(run) / "result.json").read_text()))


def epochs(trial: Trial, run: int = 1) -> list[int]:
    """Return the numbers of the epochs that a run trained."""
    return [event["epoch"] for event in trial.events(run) if event["event"] == "epoch"]
