"""Sees to it that there is a model to deliver, also where the script saved none."""

from __future__ import annotations

import pickle
from pathlib import Path

from trainprobe.foreign import Foreign
from trainprobe.watch import Watch


def save_model(watch: Watch, run_dir: Path) -> None:
    """Save the model that was fitted last among the run's own artifacts; nothing is left there if that fails."""
    model = watch.trace.last_model
    if model is None:
        return
    network = watch.trace.fits[-1].library == "keras"
    path = run_dir / "artifacts" / ("model.keras" if network else "model.pkl")
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
    else:
        with path.open("wb") as stream:
            pickle.dump(model, stream)
