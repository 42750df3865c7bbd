"""Follow one job from the author's code to its threshold, trial by trial."""

import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.wines.probing import environment, read_files, train
from services.tweaker.handlers import on_threshold_missed
from trainyard.bundle import pack, unpack
from trainyard.messages import CodeReady, ThresholdMissed
from trainyard.policy import FILE, Policy, read_policy
from trainyard.storage import Storage
from trainyard.trial import Origin, Trial

JOB = "bench"


@dataclass(frozen=True)
class Course:
    """How one seed went: the value of each trial, and the code and tweaks of the best."""

    seed: int
    values: tuple[float | None, ...]
    reached: bool
    tweaks: tuple[str, ...]
    files: dict[str, bytes]
    entrypoint: str


def follow(example: Path, folder: Path, seed: int, trials: int) -> Course:
    """Run trial after trial until one reaches the threshold, nothing is left to try, or there were *trials* of them."""
    policy = read_policy((example / FILE).read_text())
    storage = Storage(str(folder / "storage"))
    entrypoint = policy.entrypoint or next(path.name for path in example.glob("*.py"))
    bundle = storage.put_blob(pack(read_files(example)))
    trained = partial(_trial, storage, folder, entrypoint, policy.holdout, seed)
    history = [trained(Trial(trial=1, bundle=bundle))]
    while not _reached(history[-1], policy) and len(history) < trials:
        wanted = _next(storage, policy, seed, history)
        if wanted is None:
            break
        history.append(trained(wanted))
    return _course(storage, policy, seed, entrypoint, history)


def run_plainly(folder: Path, entrypoint: str) -> float:
    """Run the script in *folder* with python alone, unseeded, and return the last number that it prints."""
    done = subprocess.run(
        [sys.executable, entrypoint], cwd=folder, env=environment(), capture_output=True, text=True, check=True
    )
    return float(done.stdout.split()[-1])


def _trial(storage: Storage, folder: Path, entrypoint: str, holdout: float, seed: int, trial: Trial) -> Trial:
    files = unpack(storage.get_blob(trial.bundle or ""))
    return train(folder / f"t{trial.trial}", files, entrypoint=entrypoint, seed=seed, trial=trial, holdout=holdout)


def _next(storage: Storage, policy: Policy, seed: int, history: list[Trial]) -> Trial | None:
    """Ask the tweaker for the next trial."""
    missed = ThresholdMissed(job=JOB, policy=policy, origin=Origin(code="bench"), seed=seed, history=tuple(history))
    for message in on_threshold_missed(missed, storage):
        if isinstance(message, CodeReady):
            return Trial(trial=message.trial, bundle=message.bundle, tweaks=message.tweaks, base=message.base)
    return None


def _reached(trial: Trial, policy: Policy) -> bool:
    return trial.measurement is not None and trial.measurement.reaches(policy.threshold)


def _course(storage: Storage, policy: Policy, seed: int, entrypoint: str, history: list[Trial]) -> Course:
    """Sum up a job."""
    values = tuple(trial.measurement.value if trial.measurement else None for trial in history)
    best = max(history, key=lambda trial: trial.measurement.rank() if trial.measurement else float("-inf"))
    return Course(
        seed,
        values,
        reached=_reached(best, policy),
        tweaks=tuple(tweak.name for tweak in best.tweaks),
        files=unpack(storage.get_blob(best.bundle or "")),
        entrypoint=entrypoint,
    )
