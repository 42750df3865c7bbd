"""Installs what makes the machine look like the author's, and what watches the libraries that the script imports."""

from __future__ import annotations

import os

from trainprobe.compat.install import serve
from trainprobe.compat.removed_arguments import old_argument_steps
from trainprobe.compat.scikit_arguments import old_estimator_steps
from trainprobe.environment.colab import Colab
from trainprobe.environment.datasets import Datasets, dataset_steps
from trainprobe.environment.downloads import download_steps
from trainprobe.environment.figures import Figures, figure_steps, has_windows
from trainprobe.environment.file_opening import Opening, open_kindly, opening_steps
from trainprobe.environment.paths import Places
from trainprobe.environment.screen import screen_steps
from trainprobe.environment.seeds import seed_python, seeding_steps
from trainprobe.hooks.on_boosting import boosting_steps
from trainprobe.hooks.on_keras.install import keras_steps
from trainprobe.hooks.on_keras.load import keras_load_steps
from trainprobe.hooks.on_scikit import estimator_steps
from trainprobe.hooks.on_scikit_metrics import metric_steps
from trainprobe.hooks.on_torch_loops import torch_steps
from trainprobe.patching.after_import import ImportWatcher, Steps, merged
from trainprobe.run.modules import AuthorsModules, OthersModules, find_first
from trainprobe.run.preload import warm_up
from trainprobe.task import Task
from trainprobe.watch import Watch


def install(task: Task, watch: Watch, figures: Figures) -> Places:
    """Watch what is imported in this process, and open the files that are meant; return where those are."""
    places = Places(task.paths, task.code)
    if has_windows(os.environ.get("MPLBACKEND", "")):
        os.environ["MPLBACKEND"] = "Agg"
    warm_up(task.early)
    seed_python(task.seed)
    find_first(OthersModules(task.script))
    if places:
        find_first(AuthorsModules(task.code, places))
    Colab().install()
    opening = Opening(task.code, watch)
    open_kindly(opening)
    ImportWatcher(_steps(task, watch, opening, figures)).install()
    return places


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
