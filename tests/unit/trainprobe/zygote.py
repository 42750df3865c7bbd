"""A process that has imported TensorFlow and forks the probe's runs, so that a test may have many of them.

Each run is a process of its own, which may be killed; only the import is shared. `python zygote.py PROBE` reads one
JSON line a run ({"task", "folder", "output"}), and answers with its exit code, negative for a signal.
"""

from __future__ import annotations

import json
import os
import sys
import traceback


def main() -> None:
    """Import, then serve runs one after another."""
    sys.path[:1] = ["", sys.argv[1]]
    import numpy as np  # noqa: F401
    import sklearn.datasets  # noqa: F401
    import tensorflow as tf  # noqa: F401

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        wanted = json.loads(line)
        child = os.fork()
        if child == 0:
            _run(wanted)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(wanted: dict[str, str]) -> None:
    """Be the probe's process until the end."""
    code = 1
    output = os.open(wanted["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(wanted["folder"])
    sys.argv = ["trainprobe", wanted["task"]]
    try:
        from trainprobe.__main__ import main as probe

        code = probe()
    except BaseException:  # noqa: BLE001 - the runs after this one need the process still
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
