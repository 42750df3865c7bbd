"""``python -m trainprobe.warm FOLDER``: waits, with the libraries imported, for the one task that it will run.

Nothing is known of the task before: what watches and seeds the libraries is put into them when it has come.
"""

from __future__ import annotations

import os
import sys
import time

from trainprobe.run.preload import LIBRARIES, warm_up

EVERY = 0.02  # seconds between two looks


def main() -> int:
    """Import what there is, wait until the folder named on the command line is filled, and run its task."""
    folder = sys.argv[1]
    warm_up(LIBRARIES)
    while not os.path.exists(os.path.join(folder, "start")):
        time.sleep(EVERY)
    from trainprobe.__main__ import main as run  # the probe that came with the task

    sys.argv = [sys.argv[0], os.path.join(folder, "r1", "task.json")]
    return run()


if __name__ == "__main__":
    sys.exit(main())
