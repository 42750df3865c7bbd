"""Installs what makes the machine look like the author's, and what watches the libraries that the script imports."""

from __future__ import annotations

import os

from trainprobe.compat.install import compat_steps
from trainprobe.environment.colab import install_colab
from trainprobe.environment.datasets import Datasets, dataset_steps, download_steps
from trainprobe.environment.file_access import FileAccess, file_access_steps, replace_open
from trainprobe.environment.paths import PathMap
from trainprobe.environment.screen import Figures, has_windows, screen_steps
from trainprobe.foreign import Foreign
from trainprobe.hooks.on_boosting import boosting_steps
from trainprobe.hooks.on_keras.install import keras_steps
from trainprobe.hooks.on_scikit import scikit_steps
from trainprobe.hooks.on_torch import torch_steps
from trainprobe.patching.imports import ImportWatcher, Steps, merged
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
        _seeding_steps(task.seed),
        keras_steps(watch),
        scikit_steps(watch),
        torch_steps(watch),
        boosting_steps(watch),
        compat_steps(watch, task.compat),
        file_access_steps(files),
        screen_steps(figures, files),
        dataset_steps(Datasets(task.datasets, task.run_dir / "datasets", watch)),
        download_steps([task.code, *([task.datasets / "keras"] if task.datasets else [])], watch),
    )


def _seeding_steps(seed: int) -> Steps:
    """Return what gives every library the trial's seed at its import, before the author's own seeding can run."""

    def seed_tensorflow(tensorflow: Foreign) -> None:
        set_seed = getattr(tensorflow.random, "set_seed", None) or tensorflow.set_random_seed  # that of TensorFlow 1
        set_seed(seed)

    return {
        "random": lambda python: python.seed(seed),  # from which Keras 3 draws its initial weights too
        "numpy": lambda numpy: numpy.random.seed(seed % 2**32),
        "tensorflow": seed_tensorflow,
        "torch": lambda torch: torch.manual_seed(seed),
    }
