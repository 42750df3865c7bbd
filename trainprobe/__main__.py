"""``python -m trainprobe <run_dir>/task.json``."""

from __future__ import annotations

import os
import sys
import threading
from typing import Dict

from trainprobe.notebook.host import run_notebook
from trainprobe.notebook_code import SUFFIX
from trainprobe.run.runner import run
from trainprobe.task import Task, read_task

PARENT = "TRAINYARD_PARENT_FD"
LEAVE = os._exit  # as it is now: the script's is another


def main() -> int:
    """Run the task named on the command line and return the exit code the script would have had."""
    environment = dict(os.environ)
    _end_with_parent()
    task_file = sys.argv[1]
    task = read_task(task_file)
    is_notebook = task.script.suffix == SUFFIX
    code = run_notebook(task.script, task.run_dir, task_file) if is_notebook else run(task)
    if read_task(task_file).refusal != task.refusal:
        _start_again(task_file, task, environment)
    return code


def _start_again(task_file: str, task: Task, environment: Dict[str, str]) -> None:
    """Become a new Python that runs the *task*, with the *environment* that this one was started with."""
    sys.stdout.flush()
    sys.stderr.flush()
    if PARENT in environment:
        os.set_inheritable(int(environment[PARENT]), True)
    os.chdir(str(task.run_dir))  # where no file of the author's is taken for a module
    os.execve(sys.executable, [sys.executable, "-m", "trainprobe", task_file], environment)  # noqa: S606


def _end_with_parent() -> None:
    """End this process, a child of the embedded engine, as soon as the pipe is closed at its other end.

    Variable and descriptor are kept from the script's own children, which are not the engine's.
    """
    named = os.environ.pop(PARENT, "")
    if named:
        os.set_inheritable(int(named), False)
        threading.Thread(target=_wait, args=(int(named),), name="trainprobe-parent", daemon=True).start()


def _wait(descriptor: int) -> None:
    while os.read(descriptor, 1):
        continue
    LEAVE(1)


if __name__ == "__main__":
    sys.exit(main())
