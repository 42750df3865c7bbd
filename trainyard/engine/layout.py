"""The layout of a trial's volume, and how a run is started; the same for every adapter."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

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
"""An empty file that is written last: once it exists, everything does."""

LOG_BYTES = 64 * 1024
LOG_LINES = 500
"""How much of a log's end is read."""

QUIET = {
    "MPLBACKEND": "Agg",  # there is no screen to draw on
    "PYTHONUNBUFFERED": "1",  # the output of a killed script is not lost
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
"""The variables that limit the threads or processes of libraries."""


def run_folder(run: int) -> str:
    """Return the folder that a run writes its results to."""
    return f"r{run}"


def safe(path: str) -> bool:
    """Return whether *path* stays within the volume."""
    parts = PurePosixPath(path).parts
    return bool(parts) and parts[0] != "/" and ".." not in parts


def folders(spec: Spec) -> list[str]:
    """Return the folders to create before the run starts, parents first."""
    return [CODE, PROBE, CHECKPOINTS, HOME, run_folder(spec.message.run)]


def contents(
    spec: Spec, probe: Mapping[str, bytes], root: str, datasets: str | None = None, early: Sequence[str] = ()
) -> dict[str, bytes]:
    """Return every file of the volume, which the run will find at *root*, as it will *datasets*.

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
    """Return the probe's task."""
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
        "older": list(setup.older),
        "datasets": datasets,
        "keeps_checkpoint": message.policy.warm_start is not False,
        "warm": _warm(message, root),
        "early_stop": message.early_stop.model_dump() if message.early_stop else None,
        "holdout": message.policy.holdout,
        "screening": message.trial == 1 and message.policy.screening == "auto" and not message.policy.holdout,
    }


def _warm(message: CodeReady, root: str) -> dict[str, object] | None:
    """Return what the probe needs to know of the weights to start from; it checks itself whether they exist."""
    if message.warm is None:
        return None
    return {"trial": message.warm.trial, "how": message.warm.how, "path": f"{root}/{CHECKPOINTS}/{WARM}"}


def arguments(run: int, root: str) -> list[str]:
    """Return the arguments of the run's Python.

    It is started in the run's folder, where no file of the author's can shadow a module that the probe imports; the
    probe itself changes to the script's folder.
    """
    return ["-m", "trainprobe", f"{root}/{run_folder(run)}/{TASK}"]


def waiting(root: str) -> list[str]:
    """Return the arguments of a Python that waits for its run."""
    return ["-m", "trainprobe.warm", root]


def environment(spec: Spec, root: str, cpus: int) -> dict[str, str]:
    """Return the variables of a run on a host with *cpus* processors; the spec's own take precedence."""
    return {
        **QUIET,
        **threads(spec.message.policy.resources.cpus, cpus),
        "PYTHONPATH": f"{root}/{PROBE}",
        "PYTHONHASHSEED": str(spec.message.seed),
        **spec.environment,
    }


def threads(allowed: float | None, cpus: int) -> dict[str, str]:
    """Return the variables that keep libraries from starting a thread for each of the host's processors.

    They consider the host, not the limit: sixty-four threads that share one processor train slower than one.
    """
    if allowed is None or allowed >= cpus:
        return {}
    return dict.fromkeys(THREADS, str(math.ceil(allowed)))


def read_package(folder: str) -> dict[str, bytes]:
    """Return the sources of the Python package at *folder*, by path relative to it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in Path(folder).rglob("*.py")}


def readable(log: bytes, tail: int) -> str:
    """Return the last *tail* lines as a terminal would show them: of a progress bar only its last state."""
    return last_lines(shown(log[-LOG_BYTES:].decode("utf-8", "replace")).strip("\n"), tail)
