"""One trial as a process under the probe, without services around it."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from trainyard.trial import Curve, Failure, Measurement, Trial, Warn

ROOT = Path(__file__).resolve().parents[2]
LIMIT_SECONDS = 600.0


def train(
    folder: Path, files: Mapping[str, bytes], *, entrypoint: str, seed: int, trial: Trial, **more: object
) -> Trial:
    """Train *files* in a new *folder* and return *trial* with what was measured; *more* goes into the task.

    Raises:
        subprocess.TimeoutExpired: It took longer than ten minutes.
    """
    task = lay_out(folder, files, entrypoint=entrypoint, seed=seed, **more)
    command = [sys.executable, "-m", "trainprobe", str(task)]
    with (folder / "output.txt").open("wb") as output:
        subprocess.run(
            command,
            cwd=folder / "code",
            env=environment(),
            stdout=output,
            stderr=output,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    return with_result(task.parent, trial)


def lay_out(folder: Path, files: Mapping[str, bytes], *, entrypoint: str, seed: int, **more: object) -> Path:
    """Write *files* and all else that the probe needs into a new *folder*, and return where its task lies."""
    write_files(folder / "code", files)
    run = folder / "r1"
    run.mkdir()
    (folder / "checkpoints").mkdir()
    task = run / "task.json"
    task.write_text(json.dumps({**_task(folder, entrypoint, seed), **more}))
    return task


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write *files* below *folder*."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def read_files(folder: Path) -> dict[str, bytes]:
    """Return every file below *folder* by its relative path."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def environment() -> dict[str, str]:
    """Return the environment of a training: the probe can be imported, TensorFlow is quiet."""
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {**os.environ, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg"}


def _task(folder: Path, entrypoint: str, seed: int) -> dict[str, object]:
    """Write down what the probe is to do."""
    return {
        "version": 1,
        "entrypoint": entrypoint,
        "args": [],
        "workdir": ".",
        "code": str(folder / "code"),
        "checkpoints": str(folder / "checkpoints"),
        "run_dir": str(folder / "r1"),
        "run": 1,
        "seed": seed,
        "metric": None,
        "metrics_files": [],
    }


def with_result(run: Path, trial: Trial) -> Trial:
    """Return *trial* with what the probe left in the folder *run*."""
    path = run / "result.json"
    if not path.exists():
        error = run / "error.json"
        message = json.loads(error.read_text())["message"] if error.exists() else "it left no result"
        return trial.model_copy(update={"failure": Failure(reason="raised", message=message)})
    result = json.loads(path.read_text())
    return trial.model_copy(
        update={
            "measurement": Measurement.model_validate(result["measurement"]),
            "curves": tuple(Curve.model_validate(curve) for curve in result["curves"]),
            "facts": result["facts"],
            "warning": Warn.model_validate(result["warning"]) if result["warning"] else None,
            "seconds": result["seconds"],
        }
    )
