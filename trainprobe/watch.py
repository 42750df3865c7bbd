"""What the hooks share: the trace, the log, the checkpoints, and a guard around everything they observe."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Iterator, List

from trainprobe.call_site import called_by_author
from trainprobe.files import EventLog
from trainprobe.task import TrainingOptions
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.training.holdout import HoldOut

KERAS_FIT = "fit of Keras"


@dataclass
class Watch:
    """One probe's state while the script runs."""

    trace: Trace
    events: EventLog
    checkpoints: Checkpoints
    training: TrainingOptions = field(default_factory=TrainingOptions)
    pid: int = field(default_factory=os.getpid)
    holdout: HoldOut = field(init=False)
    _calls: threading.local = field(default_factory=threading.local)

    def __post_init__(self) -> None:
        """Hold out the rows that the task asks for."""
        self.holdout = HoldOut(self.training.holdout, self.training.seed)

    @contextmanager
    def guard(self, what: str) -> Iterator[None]:
        """Keep an error of the probe's own from the script; it is written to the event log instead."""
        try:
            yield
        except Exception as error:  # the script must not fail because it is watched; the log tells
            self.events.write("probe_error", what=what, message="{}: {}".format(type(error).__name__, error))

    @contextmanager
    def inside(self, what: str) -> Iterator[bool]:
        """Enter a watched call and tell whether it is the script's own, not one made by another watched call.

        Worker threads and forked children are never the script's own.
        """
        open_calls = self._open_calls()
        ours = threading.current_thread() is threading.main_thread() and os.getpid() == self.pid
        open_calls.append(what)
        try:
            yield ours and len(open_calls) == 1
        finally:
            open_calls.pop()

    @contextmanager
    def measuring(self, what: str) -> Iterator[bool]:
        """Enter a watched call that measures; one made by the author's callback of a Keras fit is the script's own."""
        by_callback = self._open_calls() == [KERAS_FIT] and called_by_author()
        with self.inside(what) as outermost:
            yield outermost or (by_callback and threading.current_thread() is threading.main_thread())

    @contextmanager
    def beside(self, what: str) -> Iterator[bool]:  # noqa: ARG002 - as `inside` and `measuring`
        """Enter a call that may contain watched calls of the script; yield whether no watched call is open."""
        yield self.is_idle

    @property
    def is_idle(self) -> bool:
        """Whether this is the script's own thread, and no watched call is open in it."""
        return threading.current_thread() is threading.main_thread() and not self._open_calls()

    def _open_calls(self) -> List[str]:
        open_calls: List[str] = self._calls.__dict__.setdefault("open", [])
        return open_calls
