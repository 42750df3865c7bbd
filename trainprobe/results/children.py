"""What the scripts that the script started have measured."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence

from trainprobe.data.evaluated import Evaluated
from trainprobe.data.kind import DataKind
from trainprobe.files import write_json
from trainprobe.trace import Measurement

CHILDREN = "children"  # the folder of a run in which each has its own
_MEASURED = "measured.json"
_FAILURE = "failed.json"
_EARLIER = 1e9  # puts what a child measured before all that the script itself did


def write_measured(folder: Path, measured: Sequence[Measurement]) -> None:
    """Write to *folder*, the child's own, what was *measured*."""
    write_json(folder / _MEASURED, {"measured": [asdict(one) for one in measured]})


def write_failure(folder: Path, failure: Dict[str, object]) -> None:
    """Write to *folder*, the child's own, why it failed."""
    write_json(folder / _FAILURE, failure)


def failure_behind(error: Optional[BaseException], run_dir: Path) -> Optional[Dict[str, object]]:
    """Return why the last child failed that did, where that is why the script measured nothing, or ended by *error*."""
    if error is not None and type(error).__name__ != "CalledProcessError":
        return None
    files = _files(run_dir, _FAILURE)
    return dict(json.loads(files[-1].read_text(encoding="utf-8"))) if files else None


def measured_by_children(run_dir: Path) -> Iterator[Measurement]:
    """Yield what the children of a run measured, the one that ended last with the highest order."""
    files = _files(run_dir, _MEASURED)
    for number, path in enumerate(files):
        for one in json.loads(path.read_text(encoding="utf-8"))["measured"]:
            fields = {
                "value": float("nan") if one["value"] is None else one["value"],
                "data": DataKind(one["data"]),
                "source": "{}.py: {}".format(path.parent.name.rpartition("-")[0], one["source"]),
                "order": one["order"] + (number - len(files)) * _EARLIER,
                "model_number": 0,
                "fit": 0,
                "on": Evaluated(**one["on"]),
            }
            yield Measurement(**{**one, **fields})


def _files(run_dir: Path, name: str) -> List[Path]:
    return sorted((run_dir / CHILDREN).glob("*/" + name), key=lambda path: path.stat().st_mtime_ns)
