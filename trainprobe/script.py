"""Runs the author's script as plain ``python script.py`` would."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Dict, Optional

from trainprobe.errors import plain_traceback
from trainprobe.foreign import Foreign
from trainprobe.task import Task


@dataclass(frozen=True)
class Ending:
    """How the script ended: its variables, what it raised if anything, and its exit code."""

    variables: Dict[str, Foreign]
    error: Optional[BaseException]
    code: int


def execute(task: Task) -> Ending:
    """Run the script as ``__main__`` and return how it ended; its traceback goes to standard error as ever.

    This is `runpy.run_path` but for two things that it can't do: the variables outlive an exception, and the module
    stays ``__main__`` afterwards, so that what the script defined there can be pickled.
    """
    module = ModuleType("__main__")
    module.__dict__.update(__file__=str(task.script), __builtins__=__builtins__, __cached__=None)
    sys.modules["__main__"] = module
    enter(task)
    try:
        source = task.script.read_bytes()
        exec(compile(source, str(task.script), "exec", dont_inherit=True), module.__dict__)  # noqa: S102
    except SystemExit as stop:
        return stopped(stop, module.__dict__)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        sys.excepthook(type(error), error.with_traceback(plain_traceback(error)), error.__traceback__)
        return Ending(module.__dict__, error, 1)
    return Ending(module.__dict__, None, 0)


def enter(task: Task) -> None:
    """Go where the script is started, and give it its command line and the folder in which it finds its modules."""
    os.chdir(str(task.code / task.workdir))
    sys.argv = [os.path.relpath(str(task.script)), *task.args]
    sys.path[0] = str(task.script.parent)


def stopped(stop: SystemExit, variables: Dict[str, Foreign]) -> Ending:
    """Return the ending of a script that ended itself by *stop*, whose message goes to standard error as ever."""
    if stop.code is None or stop.code == 0:
        return Ending(variables, None, 0)
    if not isinstance(stop.code, int):
        sys.stderr.write("{}\n".format(stop.code))
    return Ending(variables, stop, stop.code if isinstance(stop.code, int) else 1)
