"""``python -m trainprobe <run_dir>/task.json``."""

from __future__ import annotations

import sys

from trainprobe.notebook.host import run_notebook
from trainprobe.notebook_code import SUFFIX
from trainprobe.run.parent import end_with_parent
from trainprobe.run.runner import run
from trainprobe.task import read_task


def main() -> int:
    """Run the task named on the command line and return the exit code the script would have had."""
    end_with_parent()
    task = read_task(sys.argv[1])
    if task.script.suffix == SUFFIX:
        return run_notebook(task.script, task.run_dir, sys.argv[1])
    return run(task)


if __name__ == "__main__":
    sys.exit(main())
