"""What the probe is asked to do: the task file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Optional, Tuple

from trainprobe.names import direction_of


@dataclass(frozen=True)
class Wanted:
    """The metric that the author asked for by name, and whether more of it is better."""

    name: str
    direction: str = "maximize"


@dataclass(frozen=True)
class Warm:
    """The checkpoint of another trial to begin with: *how* is "continue" or "inherit", *path* where it lies."""

    trial: int
    how: str
    path: Path


@dataclass(frozen=True)
class Stop:
    """When a training is not worth its epochs any more; the fields of ``early_stop`` in the message."""

    rule: str
    curve: str
    direction: str
    reference: Tuple[float, ...] = ()
    every: int = 1
    patience: int = 0
    grace: int = 1


@dataclass(frozen=True)
class Wishes:
    """What is wanted of a training besides watching it.

    *holdout* is the share of rows to keep out of it, which *seed* chooses; *keeps_checkpoint* says that another trial
    may begin with its checkpoint.
    """

    warm: Optional[Warm] = None
    stop: Optional[Stop] = None
    holdout: float = 0.0
    seed: int = 0
    keeps_checkpoint: bool = False


@dataclass(frozen=True)
class Task:
    """One run of one script; the fields of ``task.json``."""

    entrypoint: str
    args: Tuple[str, ...]
    workdir: str
    code: Path
    checkpoints: Path
    run_dir: Path
    run: int
    seed: int
    metric: Optional[Wanted]
    metrics_files: Tuple[str, ...]
    stdin: str = ""
    paths: Dict[str, str] = field(default_factory=dict)
    folders: Tuple[str, ...] = ()
    pythonpath: Tuple[str, ...] = ()
    legacy_keras: bool = False
    datasets: Optional[Path] = None
    early: Tuple[str, ...] = ()
    wishes: Wishes = field(default_factory=Wishes)

    @property
    def script(self) -> Path:
        """Where the author's script lies."""
        return self.code / self.entrypoint


def read_task(path: str) -> Task:
    """Read the task file at *path*.

    Raises:
        OSError: there is no such file.
        KeyError, ValueError: it is not a task.
    """
    raw = json.loads(Path(path).read_text(encoding="utf-8"))
    metric = raw.get("metric")
    return Task(
        entrypoint=raw["entrypoint"],
        args=tuple(str(arg) for arg in raw.get("args", ())),
        workdir=raw.get("workdir") or ".",
        code=Path(raw["code"]).absolute(),
        checkpoints=Path(raw["checkpoints"]).absolute(),
        run_dir=Path(raw["run_dir"]).absolute(),
        run=int(raw.get("run", 1)),
        seed=int(raw.get("seed", 0)),
        metric=Wanted(metric["name"], metric.get("direction") or direction_of(metric["name"])) if metric else None,
        metrics_files=tuple(raw.get("metrics_files") or ()),
        stdin=raw.get("stdin") or "",
        paths=dict(raw.get("paths") or {}),
        folders=tuple(raw.get("folders") or ()),
        pythonpath=tuple(raw.get("pythonpath") or ()),
        legacy_keras=bool(raw.get("legacy_keras")),
        datasets=Path(raw["datasets"]).absolute() if raw.get("datasets") else None,
        early=tuple(raw.get("early") or ()),
        wishes=_wishes(raw),
    )


def _wishes(raw: Dict[str, Any]) -> Wishes:
    warm, stop = raw.get("warm"), raw.get("early_stop")
    return Wishes(
        warm=Warm(int(warm["trial"]), str(warm["how"]), Path(warm["path"])) if warm else None,
        stop=Stop(**{**stop, "reference": tuple(stop.get("reference") or ())}) if stop else None,
        holdout=float(raw.get("holdout") or 0.0),
        seed=int(raw.get("seed", 0)),
        keeps_checkpoint=bool(raw.get("keeps_checkpoint")),
    )
