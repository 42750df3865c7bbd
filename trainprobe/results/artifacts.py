"""Files that the script made or changed."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Dict, Iterator, List, Tuple

from trainprobe.foreign import Foreign, torch
from trainprobe.watch import Watch

_NAMES = {"keras": "model.keras", "torch": "model.pt"}

State = Dict[str, Tuple[int, int, int]]
MOST = 200  # artifacts named in a result
_IGNORED = {"__pycache__", ".git", ".ipynb_checkpoints", ".pytest_cache"}
_KINDS = {
    "model": (".h5", ".hdf5", ".keras", ".pkl", ".pickle", ".joblib", ".sav", ".pt", ".pth", ".onnx", ".tflite"),
    "figure": (".png", ".jpg", ".jpeg", ".svg", ".pdf", ".gif"),
}
_METRICS = ("accuracy", "acc", "metrics", "metric", "score", "scores", "result", "results")


def state_of(folder: Path) -> State:
    """Return a mark for every file below *folder* that differs once the file was changed."""
    return {str(path.relative_to(folder)): _mark(path) for path in _files(folder)}


def changed(before: State, folder: Path) -> List[str]:
    """Return the files below *folder* that are new or changed since *before*, sorted."""
    return sorted(path for path, mark in state_of(folder).items() if before.get(path) != mark)


def describe(paths: List[str], folder: Path) -> List[Dict[str, object]]:
    """Return the artifacts for result.json: each file with its kind and size, a SavedModel folder as one."""
    found: Dict[str, Dict[str, Foreign]] = {}
    for path in paths:
        name = _saved_model(Path(path), folder) or path
        entry = found.setdefault(name, {"path": name, "kind": "model" if name != path else kind_of(path), "bytes": 0})
        entry["bytes"] += (folder / path).stat().st_size
    return models_first(list(found.values()))[:MOST]


def models_first(found: List[Dict[str, object]]) -> List[Dict[str, object]]:
    """Return the artifacts in the order in which they are worth keeping."""
    return sorted(found, key=lambda entry: (entry["kind"] != "model", str(entry["path"])))


def kept_by_the_run(run_dir: Path) -> List[Dict[str, object]]:
    """Return the artifacts for result.json that the probe itself keeps in a run's folder, such as figures."""
    found = describe(sorted(state_of(run_dir / "artifacts")), run_dir / "artifacts")
    return [{**artifact, "path": "run:artifacts/{}".format(artifact["path"])} for artifact in found]


def kind_of(path: str) -> str:
    """Return model, figure, metrics or other, by the file's name."""
    suffix = os.path.splitext(path)[1].lower()
    for kind, suffixes in _KINDS.items():
        if suffix in suffixes:
            return kind
    stem = os.path.splitext(os.path.basename(path))[0].lower()
    return "metrics" if stem in _METRICS and suffix in (".txt", ".json", ".csv") else "other"


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(str(folder)):
        folders[:] = [name for name in folders if name not in _IGNORED]
        yield from (Path(root) / name for name in names if _is_own(os.path.join(root, name), folder))


def _is_own(path: str, folder: Path) -> bool:
    """Return whether *path* is a file, and no link to one elsewhere, such as a data set."""
    if os.path.islink(path) and not os.path.realpath(path).startswith(os.path.realpath(str(folder)) + os.sep):
        return False
    return os.path.isfile(path)


def _mark(path: Path) -> Tuple[int, int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size, found.st_ino


def _saved_model(path: Path, folder: Path) -> str:
    parents = [parent for parent in path.parents if str(parent) != "."]
    return next((str(parent) for parent in parents if (folder / parent / "saved_model.pb").is_file()), "")


def save_model(watch: Watch, run_dir: Path) -> None:
    """Save the model that was measured, or else fitted last, as the run's own; nothing is left there if that fails."""
    model = watch.trace.last_model
    if model is None:
        return
    library = next((fit.library for fit in reversed(watch.trace.fits) if fit.is_of(model)), "")
    path = run_dir / "artifacts" / _NAMES.get(library, "model.pkl")
    with watch.guard("saving the model"):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _save(model, path)
        except BaseException:
            if path.exists():
                path.unlink()
            raise


def _save(model: Foreign, path: Path) -> None:
    if path.suffix == ".keras":
        model.save(str(path))
    elif path.suffix == ".pt":
        torch.save(model.state_dict(), str(path))
    else:
        with path.open("wb") as stream:
            pickle.dump(model, stream)
