"""One run: prepare, execute the script, conclude."""

from __future__ import annotations

import os
import sys
import threading
from contextlib import contextmanager
from typing import Iterator, NoReturn

from trainprobe.results.collect import Ending
from trainprobe.run.conclude import conclude
from trainprobe.run.prepare import Session, prepare
from trainprobe.run.script import enter, perform
from trainprobe.task import Task


def run(task: Task) -> int:
    """Run the script of *task*, write result.json or error.json, and return the script's exit code."""
    session = prepare(task)
    with _concluded_on_exit(session):
        enter(task, session.changes.places)
        ending = perform(task.script, session.changes, task.code)
    if os.getpid() == session.watch.pid:  # a forked child that comes back here has nothing to conclude
        conclude(session, ending)
    return ending.code


@contextmanager
def _concluded_on_exit(session: Session) -> Iterator[None]:
    """Conclude the run first where the script leaves by ``os._exit``."""
    leave = os._exit

    def conclude_and_leave(status: int) -> NoReturn:
        if os.getpid() == session.watch.pid and threading.current_thread() is threading.main_thread():
            stop = SystemExit(status) if status else None
            sys.stdout.flush()
            conclude(session, Ending(vars(sys.modules["__main__"]), stop, status))
        leave(status)

    os._exit = conclude_and_leave
    try:
        yield
    finally:
        os._exit = leave
