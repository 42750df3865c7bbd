"""A process that has the libraries imported and forks a child for each job: `python -m benchmarks.courses.nursery`.

It imports and does nothing else, so that every child starts as fresh as a new Python; above all TensorFlow has executed
no operation before the fork, since its threads would not be there after it. Jobs come as JSON, one a line, and each is
answered by a line with the child's exit code (null where its time was up) and the processor time that it took.
"""

import importlib
import json
import os
import select
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from trainprobe.run.preload import LIBRARIES, warm_up

MORE = ("tensorflow", "sklearn.neural_network", "sklearn.tree", "sklearn.datasets", "xgboost")

Job = dict[str, Any]
"""`task` (a path), `work` (the module that does it), `output` (a file) and `limit` (seconds)."""


def main() -> int:
    """Import, then answer jobs until there are no more."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    warm_up((*LIBRARIES, *MORE, "benchmarks.courses.probed"))  # the probe too: whatever becomes of its files meanwhile
    print("ready", file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(run(json.loads(line))), file=answers, flush=True)
    return 0


def run(job: Job) -> tuple[int | None, float]:
    """Do *job* in a child, and return its exit code, None where its time was up, and its seconds on the processor."""
    child = os.fork()
    if child == 0:
        _be_child(job)
    watch = os.pidfd_open(child)
    try:
        ended, _, _ = select.select([watch], [], [], job["limit"])
    finally:
        os.close(watch)
    _end_group(child)
    _, status, used = os.wait4(child, 0)
    return os.waitstatus_to_exitcode(status) if ended else None, used.ru_utime + used.ru_stime


def _end_group(child: int) -> None:
    """End what *child* is or has left behind."""
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:  # it has not come to setsid, or nothing is left
        os.kill(child, signal.SIGKILL)


def _be_child(job: Job) -> NoReturn:
    """Do *job* as a process of its own, with nothing of the nursery's about it."""
    code = 1
    try:
        os.setsid()
        output = os.open(job["output"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.closerange(3, 256)
        code = _work(job["work"])(job["task"])
    except BaseException:  # noqa: BLE001  # whatever it is, the child must not go on as the nursery
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _work(name: str) -> Callable[[str], int]:
    """Return what does the work: `work(task)` of the module *name*, imported here where it is needed alone."""
    work: Callable[[str], int] = importlib.import_module(name).work
    return work


if __name__ == "__main__":
    sys.exit(main())
