"""Sees to it that there is a model to deliver, also where the script saved none."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

from trainprobe.foreign import Foreign
from trainprobe.watch import Watch

_NAMES = {"keras": "model.keras", "torch": "model.pt"}


def save_model(watch: Watch, run_dir: Path) -> None:
    """Save the model that was fitted last among the run's own artifacts; nothing is left there if that fails."""
    model = watch.trace.last_model
    if model is None:
        return
    library = watch.trace.fits[-1].library if watch.trace.fits else ""
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
        torch: Foreign = sys.modules["torch"]
        torch.save(model.state_dict(), str(path))
    else:
        with path.open("wb") as stream:
            pickle.dump(model, stream)
