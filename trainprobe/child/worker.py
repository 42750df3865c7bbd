"""Has the author's code changed in a worker that `multiprocessing` spawns, which runs the script once more."""

from __future__ import annotations

import os
import runpy
from pathlib import Path

from trainprobe.environment.file_access import FileAccess, replace_open
from trainprobe.files import EventLog
from trainprobe.foreign import Foreign
from trainprobe.run.modules import AuthorsModules, changes_of, compiled, find_first
from trainprobe.task import read_task
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.watch import Watch


def equip(task_file: str) -> None:
    """Prepare this process for the author's code of the task in *task_file*."""
    task = read_task(task_file)
    changes = changes_of(task)
    if not changes:
        return
    find_first(AuthorsModules(task.code, changes))
    watch = Watch(Trace(), EventLog(task.run_dir / "workers.jsonl"), Checkpoints(task.checkpoints))
    replace_open(FileAccess(task.code, watch))
    library: Foreign = runpy
    original = library._get_code_from_file  # noqa: SLF001 - `multiprocessing` asks for the script by it

    def code_of_file(*args: str) -> Foreign:
        found = original(*args)
        path = os.path.abspath(args[-1])
        if not path.startswith(str(task.code) + os.sep):
            return found
        code = compiled(Path(path).read_bytes(), path, changes)
        return (code, *found[1:]) if isinstance(found, tuple) else code

    library._get_code_from_file = code_of_file  # noqa: SLF001 - the same
