"""A child of the embedded engine dies with its parent."""

from __future__ import annotations

import os
import threading

VARIABLE = "TRAINYARD_PARENT_FD"
LEAVE = os._exit  # as it is now: the script's is another


def end_with_parent() -> None:
    """End this process as soon as the pipe named by the environment is closed at its other end.

    The variable and the descriptor are kept from the script's own children, which are not the engine's.
    """
    named = os.environ.pop(VARIABLE, "")
    if named:
        os.set_inheritable(int(named), False)
        threading.Thread(target=_wait, args=(int(named),), name="trainprobe-parent", daemon=True).start()


def _wait(descriptor: int) -> None:
    while os.read(descriptor, 1):
        continue
    LEAVE(1)
