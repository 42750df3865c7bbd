"""Everything that is there before the script starts: its folders, what watches it, and the figures that it draws."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from trainprobe.environment.file_access import make_folders
from trainprobe.environment.paths import PathMap
from trainprobe.environment.screen import Figures
from trainprobe.files import EventLog
from trainprobe.results import artifacts
from trainprobe.results.sources.captured_output import CapturedOutput
from trainprobe.run.install import install
from trainprobe.run.output import tee_stdout
from trainprobe.task import Task
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.training.restart import start_clean
from trainprobe.watch import Watch

TASK = "task.json"
FORKED = "children/forked"


@dataclass
class Session:
    """One script being watched.

    Attributes:
        places: Where the paths lie that the author wrote.
        figures: Those that are kept.
        printed: The last pieces of what it printed.
        before: The files that were there before the script started.
        began: When it started, on the monotonic clock.
    """

    task: Task
    watch: Watch
    places: PathMap
    figures: Figures
    printed: CapturedOutput
    before: artifacts.State
    began: float = field(default_factory=time.monotonic)

    @property
    def forked(self) -> Path:
        """The folder of what forked children print."""
        return self.task.run_dir / FORKED


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
    places = install(task, watch, figures)
    printed = tee_stdout(CapturedOutput(watch.trace.tick), task.run_dir / FORKED)
    return Session(task, watch, places, figures, printed, before)


def _watch_children(run_dir: Path, code: Path) -> None:
    """Have the author's scripts watched that this one starts, through the environment that they get."""
    os.environ.update(TRAINYARD_TASK=str(run_dir / TASK), TRAINYARD_CODE=str(code))
    package = Path(__file__).resolve().parents[1]
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    probe = [] if str(package.parent) in known else [str(package.parent)]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(package / "child"), *filter(None, known), *probe])
