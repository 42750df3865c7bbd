"""``python -m trainprobe <run_dir>/task.json``."""

from __future__ import annotations

import os
import sys
import threading

from trainprobe.notebook.host import run_notebook
from trainprobe.notebook_code import SUFFIX
from trainprobe.run.runner import run
from trainprobe.task import read_task

PARENT = "TRAINYARD_PARENT_FD"
LEAVE = os._exit  # as it is now: the script's is another


def main() -> int:
    """Run the task named on the command line and return the exit code the script would have had."""
    _end_with_parent()
    task = read_task(sys.argv[1])
    if task.script.suffix == SUFFIX:
        return run_notebook(task.script, task.run_dir, sys.argv[1])
    return run(task)


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
