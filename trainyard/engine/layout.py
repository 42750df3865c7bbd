"""What lies where in a trial's volume, and what a run is started with; the same for every adapter."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from trainyard.engine.port import Spec
from trainyard.lines import last_lines, shown
from trainyard.messages import CodeReady

CODE = "code"
PROBE = "probe"
CHECKPOINTS = "checkpoints"
WARM = "warm.npz"
"""Another trial's checkpoint, among those of this one."""
HOME = "home"
EPOCHS = "epochs.jsonl"
TASK = "task.json"
START = "start"
"""An empty file that comes last: who finds it finds everything."""

LOG_BYTES = 64 * 1024
LOG_LINES = 500
"""How much of a log's end is looked at."""

QUIET = {
    "MPLBACKEND": "Agg",  # there is no screen to draw on
    "PYTHONUNBUFFERED": "1",  # what a script prints is seen, also when it is killed
    "PYTHONDONTWRITEBYTECODE": "1",
    "TF_CPP_MIN_LOG_LEVEL": "2",  # TensorFlow's notes on the processor are not the author's concern
    "TF_ENABLE_ONEDNN_OPTS": "0",  # the same sums in the same order on every host
}

THREADS = (
    "OMP_NUM_THREADS",  # torch, scikit-learn, XGBoost, LightGBM
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "LOKY_MAX_CPU_COUNT",  # joblib's n_jobs=-1
    "PYTHON_CPU_COUNT",  # os.cpu_count(), from Python 3.13 on
)
"""The variables by which libraries are told how many threads, or processes, to work with."""


def run_folder(run: int) -> str:
    """Return the folder that a run writes its results to."""
    return f"r{run}"


def safe(path: str) -> bool:
    """Tell whether *path* stays within the volume."""
    parts = PurePosixPath(path).parts
    return bool(parts) and parts[0] != "/" and ".." not in parts


def folders(spec: Spec) -> list[str]:
    """Return the folders that are there before the run starts, parents first."""
    return [CODE, PROBE, CHECKPOINTS, HOME, run_folder(spec.message.run)]


def contents(
    spec: Spec, probe: Mapping[str, bytes], root: str, datasets: str | None = None, early: Sequence[str] = ()
) -> dict[str, bytes]:
    """Return every file that is put into the volume, which the run will find at *root*, as it will *datasets*.

    The modules *early* are imported before anything is seeded.
    """
    run = run_folder(spec.message.run)
    return {
        **{f"{CODE}/{path}": data for path, data in spec.files.items()},
        **{f"{PROBE}/trainprobe/{path}": data for path, data in probe.items()},
        **({f"{CHECKPOINTS}/{WARM}": spec.warm} if spec.warm is not None else {}),
        f"{run}/{TASK}": json.dumps({**task(spec, root, datasets), "early": list(early)}).encode(),
        START: b"",
    }


def task(spec: Spec, root: str, datasets: str | None = None) -> dict[str, object]:
    """Return what the probe is asked to do."""
    message, metric, setup = spec.message, spec.message.policy.metric, spec.setup
    return {
        "version": 1,
        "entrypoint": spec.entrypoint,
        "args": list(spec.args),
        "workdir": spec.workdir,
        "code": f"{root}/{CODE}",
        "checkpoints": f"{root}/{CHECKPOINTS}",
        "run_dir": f"{root}/{run_folder(message.run)}",
        "run": message.run,
        "seed": message.seed,
        "metric": metric.model_dump() if metric else None,
        "metrics_files": list(setup.metrics_files),
        "stdin": setup.stdin,
        "paths": dict(setup.paths),
        "folders": list(setup.folders),
        "pythonpath": list(setup.pythonpath),
        "compat": list(setup.compat),
        "datasets": datasets,
        "keeps_checkpoint": message.policy.warm_start is not False,
        "warm": _warm(message, root),
        "early_stop": message.early_stop.model_dump() if message.early_stop else None,
        "holdout": message.policy.holdout,
    }


def _warm(message: CodeReady, root: str) -> dict[str, object] | None:
    """Return what the probe is told of the weights that the run begins with; it sees for itself if they are there."""
    if message.warm is None:
        return None
    return {"trial": message.warm.trial, "how": message.warm.how, "path": f"{root}/{CHECKPOINTS}/{WARM}"}


def arguments(run: int, root: str) -> list[str]:
    """Return what Python is started with.

    It is started in the run's folder, where nothing of the author's can hide a module that the probe imports; the
    probe goes to the script's folder itself.
    """
    return ["-m", "trainprobe", f"{root}/{run_folder(run)}/{TASK}"]


def waiting(root: str) -> list[str]:
    """Return what a Python is started with that waits for its run."""
    return ["-m", "trainprobe.warm", root]


def environment(spec: Spec, root: str, cpus: int) -> dict[str, str]:
    """Return the variables of a run on a host with so many processors; the spec's own win."""
    return {
        **QUIET,
        **threads(spec.message.policy.resources.cpus, cpus),
        "PYTHONPATH": f"{root}/{PROBE}",
        "PYTHONHASHSEED": str(spec.message.seed),
        **spec.environment,
    }


def threads(allowed: float | None, cpus: int) -> dict[str, str]:
    """Return the variables that keep libraries from starting a thread for each of the host's processors.

    They look at the host, not at the limit: sixty-four threads on one processor's time train slower than one does.
    """
    if allowed is None or allowed >= cpus:
        return {}
    return dict.fromkeys(THREADS, str(math.ceil(allowed)))


def read_package(folder: str) -> dict[str, bytes]:
    """Return the sources of the Python package at *folder*, by path relative to it."""
    return dict(_sources(folder))


def _sources(folder: str) -> Iterator[tuple[str, bytes]]:
    for base, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".py"):
                path = os.path.join(base, name)
                with open(path, "rb") as file:
                    yield os.path.relpath(path, folder).replace(os.sep, "/"), file.read()


def readable(log: bytes, tail: int) -> str:
    """Return the last *tail* lines as a terminal would show them: of a progress bar only its last state."""
    return last_lines(shown(log[-LOG_BYTES:].decode("utf-8", "replace")).strip("\n"), tail)
