"""``python -m trainprobe <run_dir>/task.json``."""

from __future__ import annotations

import sys

from trainprobe.parent import end_with_parent
from trainprobe.runner import run
from trainprobe.task import read_task


def main() -> int:
    """Run the task named on the command line and return the exit code the script would have had."""
    end_with_parent()
    return run(read_task(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
