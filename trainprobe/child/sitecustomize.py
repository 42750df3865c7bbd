"""What every Python that the script starts looks at first: one of the author's scripts is handed to the probe.

Its folder is on ``PYTHONPATH`` then; everything that is no script of the author's is left alone.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import List, Optional

VALUED = ("-W", "-X", "--check-hash-based-pycs")  # options of Python that are followed by a value


def script_of(command: List[str]) -> Optional[int]:
    """Return where in the *command* of a Python its script is named; None for modules, commands and prompts."""
    index = 1
    while index < len(command):
        word = command[index]
        if not word.startswith("-"):
            return index
        if word == "-" or (not word.startswith("--") and set(word[1:]) & set("cm")):
            return None
        index += 2 if word in VALUED else 1
    return None


def take_over() -> None:
    """Become the probe, if this is one of the author's scripts."""
    task, code = os.environ.get("TRAINYARD_TASK"), os.environ.get("TRAINYARD_CODE")
    command = _command()
    index = script_of(command)
    if task and "--multiprocessing-fork" in command:
        from trainprobe.child.worker import equip

        equip(task)
    if not task or not code or index is None:
        return
    script = os.path.realpath(command[index])
    if script.startswith(os.path.realpath(code) + os.sep) and script.endswith(".py"):
        probe = ["-m", "trainprobe.child", task]
        os.execv(sys.executable, [sys.executable, *command[1:index], *probe, *command[index:]])  # noqa: S606


def _command() -> List[str]:
    known = getattr(sys, "orig_argv", None)  # from Python 3.10 on
    if known is None:
        with open("/proc/self/cmdline", "rb") as stream:
            known = [os.fsdecode(word) for word in stream.read().split(b"\0")[:-1]]
    return list(known)


def _import_the_next() -> None:
    """Import the module of this name that would have been found without this one."""
    own = os.path.dirname(os.path.abspath(__file__))
    path = list(sys.path)
    sys.path[:] = [folder for folder in path if os.path.abspath(folder) != own]
    this = sys.modules.pop("sitecustomize", None)
    try:
        importlib.import_module("sitecustomize")
    except ImportError:
        if this is not None:
            sys.modules["sitecustomize"] = this
    finally:
        sys.path[:] = [folder for folder in path if os.path.abspath(folder) != own]


if __name__ == "sitecustomize":
    take_over()
    _import_the_next()
