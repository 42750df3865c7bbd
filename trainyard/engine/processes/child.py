"""One training as a child process: its own process group, and a thread that waits for its end."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress

import psutil

from trainyard.engine.port import Usage

NICENESS = 5
"""Trainings yield to whatever else the person does on this machine."""

SIGNALLED = 128
"""What a shell adds to the number of the signal that ended a process; engines do the same."""


class Child:
    """A process with its own group, all of which ends with it.

    Attributes:
        started: Seconds since 1970.
        finished: Seconds since 1970, 0 while it runs.
        exit_code: Once it has ended; 137 when it was killed.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: str,
        log: str,
        environment: Mapping[str, str],
        keep: int,
        ended: Callable[[], None],
    ) -> None:
        with open(log, "ab") as output:
            self._process = subprocess.Popen(  # noqa: S603  the command is ours
                list(command),
                cwd=folder,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=(keep,),
                start_new_session=True,
            )
        self.started = time.time()
        self.finished = 0.0
        self.exit_code: int | None = None
        self._give_way()
        self._ended = ended
        self._waiter = threading.Thread(target=self._wait, name=f"child-{self._process.pid}", daemon=True)
        self._waiter.start()

    def usage(self) -> Usage | None:
        """Return what the processes of its session use now; None once it has ended."""
        if self.exit_code is not None:
            return None
        memory, seconds = 0, 0.0
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):  # one that ends meanwhile is omitted
                if os.getsid(process.pid) == self._process.pid:
                    memory += process.memory_info().rss
                    seconds += sum(process.cpu_times()[:4])  # its own and its ended children's, user and system
        return Usage(memory=memory, memory_limit=None, cpu_seconds=seconds)

    def kill(self) -> None:
        """Kill the whole group; one that has ended is left alone."""
        if self.exit_code is None:
            self._kill_group()

    def join(self) -> None:
        """Wait until its end is recorded."""
        self._waiter.join()

    def _wait(self) -> None:
        """Record the end. The group is killed before its leader is reaped: until then its id is not reused."""
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        self._kill_group()
        code = self._process.wait()
        self.finished = time.time()
        self.exit_code = code if code >= 0 else SIGNALLED - code
        self._ended()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left in it
            os.killpg(self._process.pid, signal.SIGKILL)

    def _give_way(self) -> None:
        with suppress(ProcessLookupError, PermissionError):  # it has ended already
            os.setpriority(os.PRIO_PGRP, self._process.pid, NICENESS)
