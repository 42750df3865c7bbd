"""One run: prepare, execute the script, conclude."""

from __future__ import annotations

import os
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable, Dict, List, NoReturn

from trainprobe.compat.install import serve
from trainprobe.compat.removed_arguments import old_argument_steps
from trainprobe.compat.scikit_arguments import old_estimator_steps
from trainprobe.environment.colab import Colab
from trainprobe.environment.datasets import Datasets, dataset_steps
from trainprobe.environment.downloads import download_steps
from trainprobe.environment.figures import Figures, figure_steps, has_windows
from trainprobe.environment.file_opening import Opening, make_folders, open_kindly, opening_steps
from trainprobe.environment.paths import Places
from trainprobe.environment.screen import screen_steps
from trainprobe.environment.seeds import seed_python, seeding_steps
from trainprobe.facts.collect import look_at_the_model
from trainprobe.files import EventLog, write_json
from trainprobe.hooks.held_out import on_held_out
from trainprobe.hooks.on_boosting import boosting_steps
from trainprobe.hooks.on_keras.install import keras_steps
from trainprobe.hooks.on_keras.load import keras_load_steps
from trainprobe.hooks.on_keras.weights import keep_for_others
from trainprobe.hooks.on_scikit import estimator_steps
from trainprobe.hooks.on_scikit_metrics import metric_steps
from trainprobe.hooks.on_torch_loops import torch_steps
from trainprobe.patching.after_import import ImportWatcher, Steps, merged
from trainprobe.results import artifacts, errors
from trainprobe.results.artifacts import save_model
from trainprobe.results.children import failure_behind, told
from trainprobe.results.collect import Ending, measurements, ranked
from trainprobe.results.no_metric import no_metric
from trainprobe.results.result import result
from trainprobe.results.sources.heard import Heard
from trainprobe.run.interactive import NotItself
from trainprobe.run.output import by_forked_children, tee_stdout
from trainprobe.run.preload import warm_up
from trainprobe.run.script import execute
from trainprobe.run.source import AuthorsModules
from trainprobe.task import Task
from trainprobe.trace import Measurement, Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.training.restart import start_clean
from trainprobe.watch import Watch

TASK = "task.json"
FORKED = "children/forked"


@dataclass
class Session:
    """One run being watched.

    Attributes:
        places: Where the paths lie that the author wrote.
        figures: Those that are kept.
        before: The files that were there before the script started.
        printed: The last pieces of what it printed.
        began: When it started, on the monotonic clock.
    """

    task: Task
    watch: Watch
    places: Places
    figures: Figures
    before: artifacts.State
    printed: Heard
    began: float = field(default_factory=time.monotonic)


def run(task: Task) -> int:
    """Run the script of *task*, write result.json or error.json, and return the script's exit code."""
    session = prepare(task)
    leave = os._exit
    os._exit = _concluding(leave, session)  # type: ignore[assignment]
    try:
        ending = execute(task, session.places)
    finally:
        os._exit = leave
    if os.getpid() == session.watch.pid:  # a forked child that comes back here has nothing to conclude
        conclude(session, ending)
    return ending.code


def prepare(task: Task) -> Session:
    """Make everything ready for the script of *task* to be executed in this process."""
    task.run_dir.mkdir(parents=True, exist_ok=True)
    events, checkpoints = EventLog(task.run_dir / "epochs.jsonl"), Checkpoints(task.checkpoints)
    watch = Watch(Trace(task.entrypoint), events, checkpoints, task.wishes)
    start_clean(task.code, task.checkpoints)
    make_folders(task.folders, task.code)
    before = artifacts.state_of(task.code)
    figures = Figures(task.run_dir / "artifacts", watch)
    places = equip(task, watch, figures)
    _look_after_children(task)
    return Session(task, watch, places, figures, before, tee_stdout(Heard(watch.trace.tick), task.run_dir / FORKED))


def equip(task: Task, watch: Watch, figures: Figures) -> Places:
    """Watch what is imported in this process, and open the files that are meant; return where those are."""
    places = Places(task.paths, task.code)
    if has_windows(os.environ.get("MPLBACKEND", "")):
        os.environ["MPLBACKEND"] = "Agg"
    warm_up(task.early)
    seed_python(task.seed)
    NotItself(task.script).install()
    if places:
        AuthorsModules(task.code, places).install()
    Colab().install()
    opening = Opening(task.code, watch)
    open_kindly(opening)
    ImportWatcher(_steps(task, watch, opening, figures)).install()
    return places


def _look_after_children(task: Task) -> None:
    """Have the author's scripts watched that this one starts, through the environment that they get."""
    os.environ.update(TRAINYARD_TASK=str(task.run_dir / TASK), TRAINYARD_CODE=str(task.code))
    package = Path(__file__).resolve().parents[1]
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    probe = [] if str(package.parent) in known else [str(package.parent)]
    os.environ["PYTHONPATH"] = os.pathsep.join([str(package / "child"), *filter(None, known), *probe])


def _steps(task: Task, watch: Watch, opening: Opening, figures: Figures) -> Steps:
    return merged(
        seeding_steps(task.seed),
        keras_steps(watch),
        keras_load_steps(watch),
        estimator_steps(watch),
        metric_steps(watch),
        torch_steps(watch),
        boosting_steps(watch),
        old_argument_steps(),
        old_estimator_steps(),
        opening_steps(opening),
        figure_steps(figures),
        screen_steps(figures, opening),
        dataset_steps(Datasets(task.datasets, task.run_dir / "datasets", watch)),
        download_steps([task.code, *([task.datasets / "keras"] if task.datasets else [])], watch),
        serve(watch) if task.legacy_keras else {},
    )


def _concluding(leave: Callable[[int], NoReturn], session: Session) -> Callable[[int], NoReturn]:
    """Return an ``os._exit`` that concludes the run first, where it is the script that leaves by it."""

    def leave_concluded(status: int) -> NoReturn:
        if os.getpid() == session.watch.pid and threading.current_thread() is threading.main_thread():
            stop = SystemExit(status) if status else None
            sys.stdout.flush()
            conclude(session, Ending(vars(sys.modules["__main__"]), stop, status))
        leave(status)

    return leave_concluded


def conclude(session: Session, ending: Ending) -> None:
    """Write what became of the script, which has ended so: result.json or error.json."""
    task, watch, seconds = session.task, session.watch, time.monotonic() - session.began
    with watch.guard("keeping the figures that are open"):
        session.figures.keep_open_ones()
    fresh = artifacts.changed(session.before, task.code)
    with watch.guard("reading what forked children printed"):
        session.printed.before(by_forked_children(task.run_dir / FORKED))
    seen = measurements(task, watch, ending, fresh, session.printed)
    with watch.guard("reading what children measured"):
        seen.extend(told(task.run_dir))
    seen.extend(on_held_out(watch))
    best_first = ranked(task, watch, ending, seen)
    if best_first:
        warning = errors.describe(ending.error, task) if ending.error is not None else None
        files = _artifacts(task, watch, fresh)
        write_json(task.run_dir / "result.json", result(watch.trace, best_first, files, warning, seconds))
        with watch.guard("looking at the model"):  # behind the result, which must be there whatever comes of it
            look_at_the_model(watch.trace)
            write_json(task.run_dir / "result.json", result(watch.trace, best_first, files, warning, seconds))
    else:
        failure = failure_behind(ending.error, task.run_dir) or _failure(task, watch, ending, seen)
        write_json(task.run_dir / "error.json", failure)


def _failure(task: Task, watch: Watch, ending: Ending, seen: List[Measurement]) -> Dict[str, object]:
    if ending.error is not None:
        return errors.failure(ending.error, task)
    return no_metric(seen, task.metric, trained=watch.trace.trained_at > 0)


def _artifacts(task: Task, watch: Watch, fresh: List[str]) -> List[Dict[str, object]]:
    found = artifacts.describe(fresh, task.code)
    if not any(artifact["kind"] == "model" for artifact in found):
        save_model(watch, task.run_dir)
    files = artifacts.models_first([*found, *artifacts.kept_by_the_run(task.run_dir)])
    with watch.guard("keeping the checkpoint for other trials"):
        files.extend(keep_for_others(watch, task.run_dir))
    return files
