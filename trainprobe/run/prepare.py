"""Everything that is there before the script starts: its folders, what watches it, and the figures that it draws."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from trainprobe.compat.install import compat_steps
from trainprobe.environment.colab import install_colab
from trainprobe.environment.datasets import Datasets, dataset_steps, download_steps
from trainprobe.environment.file_access import FileAccess, file_access_steps, make_folders, replace_open
from trainprobe.environment.screen import Figures, has_windows, screen_steps
from trainprobe.files import EventLog
from trainprobe.hooks.on_boosting import boosting_steps
from trainprobe.hooks.on_keras.install import keras_steps
from trainprobe.hooks.on_scikit import scikit_steps
from trainprobe.hooks.on_torch import torch_steps
from trainprobe.patching.imports import ImportWatcher, merged
from trainprobe.results import artifacts
from trainprobe.results.children import CHILDREN
from trainprobe.results.sources.captured_output import CapturedOutput, tee_stdout
from trainprobe.run.modules import AuthorsModules, Changes, OthersModules, changes_of, find_first
from trainprobe.run.preload import warm_up
from trainprobe.run.seeding import Seeding
from trainprobe.task import Task
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.training.restart import start_clean
from trainprobe.watch import Watch

TASK = "task.json"
FORKED = CHILDREN + "/forked"


@dataclass
class Session:
    """One script being watched.

    *changes* are made in the author's code, *before* are the files that were there before the script started, and
    *began* is when it did, on the monotonic clock.
    """

    task: Task
    watch: Watch
    changes: Changes
    figures: Figures
    printed: CapturedOutput
    seeding: Seeding
    before: artifacts.State
    began: float = field(default_factory=time.monotonic)


def prepare(task: Task) -> Session:
    """Make everything ready for the script of *task* to be executed in this process."""
    task.run_dir.mkdir(parents=True, exist_ok=True)
    events, checkpoints = EventLog(task.run_dir / "epochs.jsonl"), Checkpoints(task.checkpoints)
    start_clean(task.code, task.checkpoints)
    make_folders(task.folders, task.code)
    before = artifacts.state_of(task.code)
    watch = Watch(Trace(task.entrypoint), events, checkpoints, task.training)
    session = begin(task, watch, task.run_dir / "artifacts", before)
    _watch_children(task.run_dir, task.code)
    return session


def begin(task: Task, watch: Watch, figures_folder: Path, before: artifacts.State) -> Session:
    """Watch the script of *task* in this process from now on."""
    figures = Figures(figures_folder, watch)
    seeding = Seeding(task.seed, task.run_dir, task.code)
    changes = _install(task, watch, figures, seeding)
    printed = tee_stdout(CapturedOutput(watch.trace.tick), task.run_dir / FORKED)
    return Session(task, watch, changes, figures, printed, seeding, before)


def _watch_children(run_dir: Path, code: Path) -> None:
    """Have the author's scripts watched that this one starts, through the environment that they get."""
    os.environ.update(TRAINYARD_TASK=str(run_dir / TASK), TRAINYARD_CODE=str(code))
    package = Path(__file__).resolve().parents[1]
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    probe = [] if str(package.parent) in known else [str(package.parent)]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(package / "child"), *filter(None, known), *probe])


def _install(task: Task, watch: Watch, figures: Figures, seeding: Seeding) -> Changes:
    """Watch what is imported in this process, and open the files that are meant; return what changes in the code."""
    changes = changes_of(task)
    if has_windows(os.environ.get("MPLBACKEND", "")):
        os.environ["MPLBACKEND"] = "Agg"
    warm_up(task.early)
    find_first(OthersModules(task.script))
    if changes:
        find_first(AuthorsModules(task.code, changes))
    install_colab()
    files = FileAccess(task.code, watch)
    replace_open(files)
    steps = merged(
        seeding.steps(),
        keras_steps(watch),
        scikit_steps(watch),
        torch_steps(watch),
        boosting_steps(watch),
        compat_steps(watch, task.compat, task.refusal.why if task.refusal else ""),
        file_access_steps(files),
        screen_steps(figures, files),
        dataset_steps(Datasets(task.datasets, task.run_dir / "datasets", watch)),
        download_steps([task.code, *([task.datasets / "keras"] if task.datasets else [])], watch),
    )
    ImportWatcher(steps).install()
    seeding.begin()
    return changes
