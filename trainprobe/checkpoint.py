"""Checkpoints of fits: one file each, whole or not there, the one before it kept."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Dict, List, Optional, Tuple

from trainprobe.files import write_whole
from trainprobe.foreign import Foreign

AT_LEAST_EVERY = 10.0  # seconds of training that a crash may cost
ALLOWANCE = 0.5  # seconds that finished fits may cost in any case, so that a short script's fits are skipped too
SHARE = 0.04  # of the training time that checkpoints may take when they are written more often than that
ROOM = 8 * 1024**3  # bytes; beyond it a finished fit's checkpoint is not kept, and a crash repeats that fit


@dataclass
class State:
    """Where a fit stands: complete epochs, whether it has ended, its curves, the author's callbacks' counters."""

    fit: int
    epoch: int
    epochs: int
    finished: bool
    curves: Dict[str, List[float]] = field(default_factory=dict)
    callbacks: List[Dict[str, object]] = field(default_factory=list)
    input_shape: Optional[List[Optional[int]]] = None


@dataclass(frozen=True)
class Checkpoint:
    """A state with the arrays that belong to it, by name."""

    state: State
    arrays: Dict[str, Foreign]


class Checkpoints:
    """The checkpoints of one trial; its runs share the folder."""

    def __init__(self, folder: Path) -> None:
        """Keep them in *folder*, which is made when the first is written."""
        self._folder = folder
        self._began = self._last = time.monotonic()
        self._cost = self._spent = 0.0
        self._training = False

    def path(self, fit: int) -> Path:
        """Return where the newest checkpoint of fit number *fit* lies."""
        return self._folder / "fit-{}.npz".format(fit)

    def start(self) -> None:
        """Begin to count the seconds of training, at the first fit."""
        if not self._training:
            self._training = True
            self._began = self._last = time.monotonic()

    def is_due(self, *, at_end: bool = False) -> bool:
        """Say whether one should be written now: after 10 s of training, or sooner where it costs next to nothing."""
        now = time.monotonic()
        since = now - self._last
        if at_end and self._spent + self._cost <= ALLOWANCE + (now - self._began) * SHARE:
            return True
        return since >= AT_LEAST_EVERY or self._cost <= since * SHARE

    def save(self, checkpoint: Checkpoint) -> None:
        """Write *checkpoint* in the place of the one before, which is kept beside it.

        Raises:
            OSError: no room; the one before is still there.
        """
        began = time.monotonic()
        path = self.path(checkpoint.state.fit)
        if path.exists():
            os.replace(str(path), str(_previous(path)))
        write_whole(path, lambda stream: _write(stream, checkpoint))
        self._last = time.monotonic()
        self._cost = self._last - began
        self._spent += self._cost

    def load(self, fit: int) -> Tuple[Optional[Checkpoint], List[str]]:
        """Return the newest readable checkpoint of fit number *fit*, and what was wrong with those that are not."""
        problems: List[str] = []
        for path in (self.path(fit), _previous(self.path(fit))):
            if path.exists():
                try:
                    return _read(path), problems
                except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
                    problems.append("{}: {}: {}".format(path.name, type(error).__name__, error))
        return None, problems

    def settle(self, fit: int) -> None:
        """Let go of what a finished fit no longer needs."""
        previous = _previous(self.path(fit))
        if previous.exists():
            previous.unlink()
        if sum(path.stat().st_size for path in self._folder.glob("fit-*.npz")) > ROOM:
            self.path(fit).unlink()

    def forget(self, fit: int) -> None:
        """Remove the checkpoints of fit number *fit*, which belong to another fit after all."""
        for path in (self.path(fit), _previous(self.path(fit))):
            if path.exists():
                path.unlink()

    def keep_file(self, fit: int, source: Path) -> None:
        """Keep a copy of a file that a callback of fit number *fit* wrote, for the run after a crash."""
        kept = self._kept(fit) / source.name
        if not kept.exists() or kept.stat().st_mtime_ns != source.stat().st_mtime_ns:
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(str(source), str(kept) + ".tmp")
            os.replace(str(kept) + ".tmp", str(kept))

    def bring_back(self, fit: int, target: Path) -> None:
        """Put a file kept by `keep_file` back to *target*."""
        kept = self._kept(fit) / target.name
        if kept.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(str(kept), str(target))

    def _kept(self, fit: int) -> Path:
        return self._folder / "fit-{}.files".format(fit)


def _previous(path: Path) -> Path:
    return path.with_name(path.stem + ".previous.npz")


def _write(stream: Foreign, checkpoint: Checkpoint) -> None:
    numpy: Foreign = sys.modules["numpy"]
    state = numpy.frombuffer(json.dumps(asdict(checkpoint.state)).encode("utf-8"), dtype="uint8")
    numpy.savez(stream, state=state, **checkpoint.arrays)


def _read(path: Path) -> Checkpoint:
    numpy: Foreign = sys.modules["numpy"]
    with path.open("rb") as stream, numpy.load(stream, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in stored.files}
    return Checkpoint(State(**json.loads(arrays.pop("state").tobytes().decode("utf-8"))), arrays)
