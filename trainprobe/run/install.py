"""Installs what makes the machine look like the author's, and what watches the libraries that the script imports."""

from __future__ import annotations

import os

from trainprobe.compat.install import compat_steps
from trainprobe.environment.colab import install_colab
from trainprobe.environment.datasets import Datasets, dataset_steps
from trainprobe.environment.downloads import download_steps
from trainprobe.environment.figures import Figures, figure_steps, has_windows
from trainprobe.environment.file_access import FileAccess, file_access_steps, replace_open
from trainprobe.environment.paths import PathMap
from trainprobe.environment.screen import screen_steps
from trainprobe.environment.seeds import seed_python, seeding_steps
from trainprobe.hooks.on_boosting import boosting_steps
from trainprobe.hooks.on_keras.install import keras_steps
from trainprobe.hooks.on_scikit import estimator_steps
from trainprobe.hooks.on_scikit_metrics import metric_steps
from trainprobe.hooks.on_torch_loops import torch_steps
from trainprobe.patching.after_import import ImportWatcher, Steps, merged
from trainprobe.run.modules import AuthorsModules, OthersModules, find_first
from trainprobe.run.preload import warm_up
from trainprobe.task import Task
from trainprobe.watch import Watch


def install(task: Task, watch: Watch, figures: Figures) -> PathMap:
    """Watch what is imported in this process, and open the files that are meant; return where those are."""
    places = PathMap(task.paths, task.code)
    if has_windows(os.environ.get("MPLBACKEND", "")):
        os.environ["MPLBACKEND"] = "Agg"
    warm_up(task.early)
    seed_python(task.seed)
    find_first(OthersModules(task.script))
    if places:
        find_first(AuthorsModules(task.code, places))
    install_colab()
    files = FileAccess(task.code, watch)
    replace_open(files)
    ImportWatcher(_steps(task, watch, files, figures)).install()
    return places


def _steps(task: Task, watch: Watch, files: FileAccess, figures: Figures) -> Steps:
    return merged(
        seeding_steps(task.seed),
        keras_steps(watch),
        estimator_steps(watch),
        metric_steps(watch),
        torch_steps(watch),
        boosting_steps(watch),
        compat_steps(watch, task.compat),
        file_access_steps(files),
        figure_steps(figures),
        screen_steps(figures, files),
        dataset_steps(Datasets(task.datasets, task.run_dir / "datasets", watch)),
        download_steps([task.code, *([task.datasets / "keras"] if task.datasets else [])], watch),
    )
