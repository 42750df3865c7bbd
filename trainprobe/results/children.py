"""What the scripts that the script started have measured."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Dict, Iterator, Optional, Sequence

from trainprobe.data.kind import DataKind
from trainprobe.files import write_json
from trainprobe.trace import Measurement

_FILE = "measured.json"
_FAILURE = "failed.json"
_EARLIER = 1e9  # puts what a child measured before all that the script itself did


def tell(folder: Path, seen: Sequence[Measurement]) -> None:
    """Write down in *folder*, the child's own, what was *seen*."""
    write_json(folder / _FILE, {"seen": [asdict(one) for one in seen]})


def tell_failure(folder: Path, failure: Dict[str, object]) -> None:
    """Write down in *folder*, the child's own, why it failed."""
    write_json(folder / _FAILURE, failure)


def failure_behind(error: Optional[BaseException], run_dir: Path) -> Optional[Dict[str, object]]:
    """Return why the last child failed that did, where that is why the script measured nothing, or ended by *error*."""
    if error is not None and type(error).__name__ != "CalledProcessError":
        return None
    files = sorted((run_dir / "children").glob("*/" + _FAILURE), key=lambda path: path.stat().st_mtime_ns)
    return dict(json.loads(files[-1].read_text(encoding="utf-8"))) if files else None


def told(run_dir: Path) -> Iterator[Measurement]:
    """Yield what the children of a run measured, the one that ended last with the highest order."""
    files = sorted((run_dir / "children").glob("*/" + _FILE), key=lambda path: path.stat().st_mtime_ns)
    for number, path in enumerate(files):
        for one in json.loads(path.read_text(encoding="utf-8"))["seen"]:
            fields = {
                "value": float("nan") if one["value"] is None else one["value"],
                "data": DataKind(one["data"]),
                "source": "{}.py: {}".format(path.parent.name.rpartition("-")[0], one["source"]),
                "order": one["order"] + (number - len(files)) * _EARLIER,
                "model_number": 0,
            }
            yield Measurement(**{**one, **fields})
