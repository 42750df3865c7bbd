"""What the probe is asked to do: the task file."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Optional, Tuple

from trainprobe.names import direction_of

_LISTS = ("args", "metrics_files", "folders", "pythonpath", "compat", "older", "early")

OLDER = "older.json"
"""The file among a trial's checkpoints that has the script run with the older API of a library."""


@dataclass(frozen=True)
class Metric:
    """The metric that counts, and whether more of it is better."""

    name: str = "accuracy"
    direction: str = "maximize"


@dataclass(frozen=True)
class WarmStart:
    """The checkpoint at *path* of another trial to begin with; *how* is "continue" or "inherit"."""

    trial: int
    how: str
    path: Path


@dataclass(frozen=True)
class EarlyStop:
    """When to end a training that is not promising; the fields of ``early_stop`` in the message."""

    rule: str
    curve: str
    direction: str
    reference: Tuple[float, ...] = ()
    every: int = 1
    patience: int = 0
    grace: int = 1


@dataclass(frozen=True)
class TrainingOptions:
    """How a training differs from the author's.

    *holdout* is the share of rows to keep out of it, *seed* that of inherited weights; *keeps_checkpoint* says that
    another trial may begin with its checkpoint.
    """

    warm: Optional[WarmStart] = None
    stop: Optional[EarlyStop] = None
    holdout: float = 0.0
    seed: int = 0
    keeps_checkpoint: bool = False


@dataclass(frozen=True)
class Refusal:
    """Why a script runs with the older API of *compat*, as a sentence, and the *failure* of its first attempt."""

    compat: Tuple[str, ...]
    why: str
    failure: Dict[str, Any]


@dataclass(frozen=True)
class Task:
    """One run of one script; the fields of ``task.json``.

    *compat* are the libraries whose older API is served, *older* those that it may be tried with if today's version
    refuses what the script does, as the *refusal* then says. *screening* is whether simple models of other families are
    tried on its training rows once it has ended.
    """

    entrypoint: str
    args: Tuple[str, ...]
    workdir: str
    code: Path
    checkpoints: Path
    run_dir: Path
    seed: int
    metric: Metric
    metrics_files: Tuple[str, ...]
    stdin: str = ""
    paths: Dict[str, str] = field(default_factory=dict)
    folders: Tuple[str, ...] = ()
    pythonpath: Tuple[str, ...] = ()
    compat: Tuple[str, ...] = ()
    older: Tuple[str, ...] = ()
    refusal: Optional[Refusal] = None
    datasets: Optional[Path] = None
    early: Tuple[str, ...] = ()
    training: TrainingOptions = field(default_factory=TrainingOptions)
    screening: bool = False

    @property
    def script(self) -> Path:
        """The path of the author's script."""
        return self.code / self.entrypoint


def read_task(path: str) -> Task:
    """Read the task file at *path*; an earlier attempt may have found that it needs the older API of a library.

    Raises:
        OSError: there is no such file.
        KeyError, ValueError: it is not a task.
    """
    raw = json.loads(Path(path).read_text(encoding="utf-8"))
    folders: Dict[str, Any] = {name: Path(raw[name]).absolute() for name in ("code", "checkpoints", "run_dir")}
    lists: Dict[str, Any] = {name: tuple(map(str, raw.get(name) or ())) for name in _LISTS}
    refusal = _refusal(folders["checkpoints"] / OLDER)
    if refusal:
        remaining = tuple(library for library in lists["older"] if library not in refusal.compat)
        lists.update(compat=refusal.compat, older=remaining, early=())  # what is imported early is today's
    return Task(
        entrypoint=raw["entrypoint"],
        workdir=raw.get("workdir") or ".",
        seed=int(raw.get("seed", 0)),
        metric=_metric(raw.get("metric")),
        stdin=raw.get("stdin") or "",
        paths=dict(raw.get("paths") or {}),
        datasets=Path(raw["datasets"]).absolute() if raw.get("datasets") else None,
        refusal=refusal,
        training=_training_options(raw),
        screening=bool(raw.get("screening")),
        **folders,
        **lists,
    )


def _refusal(path: Path) -> Optional[Refusal]:
    if not path.exists():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    return Refusal(tuple(found["compat"]), found["why"], found["failure"])


def _metric(raw: Optional[Dict[str, str]]) -> Metric:
    return Metric(raw["name"], raw.get("direction") or direction_of(raw["name"])) if raw else Metric()


def _training_options(raw: Dict[str, Any]) -> TrainingOptions:
    warm, stop = raw.get("warm"), raw.get("early_stop")
    return TrainingOptions(
        warm=WarmStart(int(warm["trial"]), str(warm["how"]), Path(warm["path"])) if warm else None,
        stop=EarlyStop(**{**stop, "reference": tuple(stop.get("reference") or ())}) if stop else None,
        holdout=float(raw.get("holdout") or 0.0),
        seed=int(raw.get("seed", 0)),
        keeps_checkpoint=bool(raw.get("keeps_checkpoint")),
    )
