"""Sees to it that there is a model to deliver, also where the script saved none."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Dict, List

from trainprobe.foreign import Foreign
from trainprobe.watch import Watch


def saved_model(watch: Watch, run_dir: Path) -> List[Dict[str, object]]:
    """Save the model that was fitted last below *run_dir* and return it as an artifact; none if that fails."""
    model = watch.trace.last_model
    if model is None:
        return []
    network = watch.trace.fits[-1].library == "keras"
    path = run_dir / "artifacts" / ("model.keras" if network else "model.pkl")
    with watch.guard("saving the model"):
        path.parent.mkdir(parents=True, exist_ok=True)
        _save(model, path)
        return [{"path": "run:artifacts/" + path.name, "kind": "model", "bytes": path.stat().st_size}]
    return []


def _save(model: Foreign, path: Path) -> None:
    if path.suffix == ".keras":
        model.save(str(path))
    else:
        with path.open("wb") as stream:
            pickle.dump(model, stream)
