"""Checkpoints of fits: one file each, whole or not there, the one before it kept."""

from __future__ import annotations

import json
import os
import shutil
import time
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Tuple

from trainprobe.files import write_whole
from trainprobe.foreign import Foreign, numpy
from trainprobe.training.restart import bring_back

AT_LEAST_EVERY = 10.0  # seconds of training that a crash may cost
ALLOWANCE = 0.2  # seconds that finished fits may cost in any case, so that a short script's fits are skipped too
SHARE = 0.04  # of the training time that checkpoints may take when they are written more often than that
MOST = 0.05  # of the training time that they may take at all; the larger a model, the more a crash may cost then
FOR_OTHERS = 2.0  # seconds that the checkpoint may take in any case with which another trial may begin
SETTLING = 0.005  # seconds that the smallest checkpoint takes, before any was written
SPEED = 200e6  # bytes a second, before any was written
UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile)
FILES = "files/"  # the author's callbacks' files within a checkpoint that goes to another trial
ROOM = 8 * 1024**3  # bytes; beyond it a finished fit's checkpoint is not kept, and a crash repeats that fit


@dataclass
class State:
    """Where a fit stands: complete epochs, whether it has ended, its curves and history, the author's callbacks.

    *start* is the epoch it began with, *plan* how its model is built, *warm* what is reported of the weights that it
    took over; *history*, *callbacks* and *random* are plain values, whose arrays are the checkpoint's.
    """

    fit: int
    epoch: int
    epochs: int
    finished: bool
    start: int = 0
    seconds: float = 0.0
    curves: Dict[str, List[float]] = field(default_factory=dict)
    history: object = None
    callbacks: List[Dict[str, object]] = field(default_factory=list)
    plan: Dict[str, object] = field(default_factory=dict)
    random: Dict[str, object] = field(default_factory=dict)
    warm: Dict[str, object] = field(default_factory=dict)


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

    def is_due(self, size: int, *, at_end: bool = False) -> bool:
        """Return whether a checkpoint of *size* bytes should be written now.

        It should after 10 s of training, unless all of them took more than their share of it then, and sooner where
        that costs next to nothing. The end of a fit is worth a little more.
        """
        now, cost = time.monotonic(), self._expected_cost(size)
        since, trained = now - self._last, now - self._began
        if at_end and self._spent + cost <= ALLOWANCE + trained * SHARE:
            return True
        return cost <= since * SHARE or (since >= AT_LEAST_EVERY and self._spent + cost <= trained * MOST)

    def is_worth_it(self, size: int) -> bool:
        """Return whether one of *size* bytes should be written for other trials, which may save a whole training."""
        return self._expected_cost(size) <= max(FOR_OTHERS, MOST * (time.monotonic() - self._began))

    def _expected_cost(self, size: int) -> float:
        return self._cost or SETTLING + size / SPEED

    @contextmanager
    def spending(self) -> Iterator[None]:
        """Count the time in here as what a checkpoint costs."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._last = time.monotonic()
            self._cost = self._last - began
            self._spent += self._cost

    def save(self, checkpoint: Checkpoint) -> None:
        """Write *checkpoint* in the place of the one before, which is kept beside it.

        Raises:
            OSError: no room; the one before is still there.
        """
        path = self.path(checkpoint.state.fit)
        if path.exists():
            os.replace(str(path), str(_previous(path)))
        write_whole(path, lambda stream: _write(stream, checkpoint))

    def load(self, fit: int) -> Tuple[Optional[Checkpoint], List[str]]:
        """Return the newest readable checkpoint of fit number *fit*, and what was wrong with those that are not."""
        problems: List[str] = []
        for path in (self.path(fit), _previous(self.path(fit))):
            if path.exists():
                try:
                    return _read(path), problems
                except UNREADABLE as error:
                    problems.append("{}: {}: {}".format(path.name, type(error).__name__, error))
        return None, problems

    def state(self, fit: int) -> Optional[State]:
        """Return where the newest checkpoint of fit number *fit* stands; None where there is none that can be read."""
        found = self.read_from(self.path(fit), only_state=True)
        return found.state if found is not None else None

    def read_from(self, path: Path, *, only_state: bool = False) -> Optional[Checkpoint]:
        """Return the checkpoint at *path*, perhaps another trial's; None where there is none that can be read."""
        with suppress(*UNREADABLE):
            return _read(path, only_state=only_state)
        return None

    def copy_to(self, fit: int, target: Path) -> None:
        """Put the newest checkpoint of fit number *fit*, with the files kept beside it, into one file for other trials.

        Raises:
            OSError: there is none, or no room.
        """
        kept = sorted(self._kept(fit).glob("*"))
        if not kept:
            with suppress(OSError):  # the file system may have no links
                os.link(str(self.path(fit)), str(target))
                return
        shutil.copyfile(str(self.path(fit)), str(target))
        with zipfile.ZipFile(str(target), "a") as archive:
            for file in kept:
                archive.write(str(file), FILES + file.name)

    def take_files(self, fit: int, path: Path) -> None:
        """Keep the files that lie in another trial's checkpoint at *path* as those of fit number *fit*."""
        with zipfile.ZipFile(str(path)) as archive:
            for name in archive.namelist():
                if name.startswith(FILES):
                    kept = self._kept(fit) / Path(name).name
                    kept.parent.mkdir(parents=True, exist_ok=True)
                    kept.write_bytes(archive.read(name))

    def settle(self, fit: int) -> None:
        """Remove what a finished fit no longer needs."""
        _remove(_previous(self.path(fit)))
        if sum(path.stat().st_size for path in self._folder.glob("fit-*.npz")) > ROOM:
            self.path(fit).unlink()

    def forget(self, fit: int) -> None:
        """Remove the checkpoints of fit number *fit*, which belong to another fit after all."""
        _remove(self.path(fit))
        _remove(_previous(self.path(fit)))

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

    def bring_back_series(self, template: Path) -> None:
        """Put the files back that an earlier run wrote under the names that *template* stands for."""
        bring_back(template, self._folder)

    def _kept(self, fit: int) -> Path:
        return self._folder / "fit-{}.files".format(fit)


def _remove(path: Path) -> None:
    with suppress(FileNotFoundError):
        path.unlink()


def _previous(path: Path) -> Path:
    return path.with_name(path.stem + ".previous.npz")


def _write(stream: Foreign, checkpoint: Checkpoint) -> None:
    state = numpy.frombuffer(json.dumps(vars(checkpoint.state)).encode("utf-8"), dtype="uint8")
    numpy.savez(stream, state=state, **checkpoint.arrays)


def _read(path: Path, *, only_state: bool = False) -> Checkpoint:
    with path.open("rb") as stream, numpy.load(stream, allow_pickle=False) as stored:
        wanted = ["state"] if only_state else [name for name in stored.files if not name.startswith(FILES)]
        arrays = {name: stored[name] for name in wanted}
    return Checkpoint(State(**json.loads(arrays.pop("state").tobytes().decode("utf-8"))), arrays)
