"""What the hooks share: the trace, the log, the checkpoints, and a guard around everything they observe."""

from __future__ import annotations

import os
import threading
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Callable, ContextManager, Iterator, List

from trainprobe.call_site import called_by_author
from trainprobe.files import EventLog
from trainprobe.task import TrainingOptions
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.training.holdout import HoldOut

KERAS_FIT = "fit of Keras"


@dataclass
class _OpenCall:
    open_calls: List[str]
    what: str
    own: bool

    def __enter__(self) -> bool:
        self.open_calls.append(self.what)
        return self.own

    def __exit__(self, *_: object) -> None:
        self.open_calls.pop()


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
        self.holdout = HoldOut(self.training.holdout)

    @contextmanager
    def guard(self, what: str) -> Iterator[None]:
        """Keep an error of the probe's own from the script; it is written to the event log instead."""
        try:
            yield
        except Exception as error:
            self.events.write("probe_error", what=what, message="{}: {}".format(type(error).__name__, error))

    def inside(self, what: str) -> ContextManager[bool]:
        """Enter a watched call; yield whether it is the script's own, not one made by another watched call.

        Worker threads and forked children are never the script's own.
        """
        return _OpenCall(self._open_calls(), what, own=self.is_idle and os.getpid() == self.pid)

    def measuring(self, what: str) -> ContextManager[bool]:
        """Enter a watched call that measures; one made by the author's callback of a Keras fit is the script's own."""
        open_calls, is_main = self._open_calls(), threading.current_thread() is threading.main_thread()
        if is_main and open_calls == [KERAS_FIT] and called_by_author():
            return _OpenCall(open_calls, what, own=True)
        return self.inside(what)

    def within(self, *calls: str) -> Callable[[str], ContextManager[bool]]:
        """Return the scope of what these watched calls of the script's own call in their turn, in the same thread."""

        def scope(what: str) -> ContextManager[bool]:
            open_calls = self._open_calls()
            return _OpenCall(open_calls, what, own=bool(open_calls) and set(open_calls) <= set(calls))

        return scope

    def beside(self, _what: str) -> ContextManager[bool]:
        """Enter a call that may contain watched calls of the script; yield whether no watched call is open."""
        return nullcontext(self.is_idle)

    @property
    def is_idle(self) -> bool:
        """Whether this is the script's own thread, and no watched call is open in it."""
        return threading.current_thread() is threading.main_thread() and not self._open_calls()

    def _open_calls(self) -> List[str]:
        open_calls: List[str] = self._calls.__dict__.setdefault("open", [])
        return open_calls
