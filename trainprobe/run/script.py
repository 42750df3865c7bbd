"""Runs the author's script as plain ``python script.py`` would."""

from __future__ import annotations

import importlib
import os
import re
import sys
import tempfile
import threading
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Callable, Dict

from trainprobe.environment.paths import PathMap
from trainprobe.foreign import Foreign
from trainprobe.notebook_code import as_python
from trainprobe.results.collect import Ending
from trainprobe.results.errors import plain_traceback
from trainprobe.run.modules import Changes, compiled
from trainprobe.task import Task

_RELATIVE = re.compile(rb"^\s*from\s+\.", re.MULTILINE)

ROOT = "trainyard_package"  # what the folder of the code is called as a package; its own name may be a library's

#: Where pools of threads and of processes keep the threads that wait until Python tells them that it ends.
_POOLS = {
    "concurrent.futures.process": "_threads_wakeups",
    "concurrent.futures.thread": "_threads_queues",
    "joblib.externals.loky.process_executor": "_threads_wakeups",
    "loky.process_executor": "_threads_wakeups",
}


class Shell:
    """What ``get_ipython()`` returns where there is no IPython: whatever it is asked for is not done."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_, **__: None


def names_of_notebooks(source: bytes) -> Dict[str, object]:
    """Return the names that a notebook gives to its cells, where the *source* of a script uses them."""
    names: Dict[str, object] = {"get_ipython": Shell, "display": print}
    return {name: value for name, value in names.items() if name.encode("ascii") + b"(" in source}


def perform(script: Path, changes: Changes, code: Path) -> Ending:
    """Run the *script* below *code* as ``__main__`` and return how it ended; its traceback is shown as ever.

    This is `runpy.run_path` but for two things that it can't do: the variables outlive an exception, and the module
    stays ``__main__`` afterwards, so that what the script defined there can be pickled.
    """
    module = ModuleType("__main__")
    loader = SourceFileLoader("__main__", str(script))
    module.__dict__.update(__file__=str(script), __builtins__=__builtins__, __cached__=None, __loader__=loader)
    sys.modules["__main__"] = module
    try:
        source = as_python(script.read_bytes())
        module.__dict__.update(names_of_notebooks(source))
        program = compiled(source, str(script), changes)
        belong_to_package(module, source, script, code)
        exec(program, module.__dict__)  # noqa: S102
        _wait_for_threads()
    except SystemExit as stop:
        return stopped(stop, module.__dict__)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        sys.excepthook(type(error), error.with_traceback(plain_traceback(error)), error.__traceback__)
        return Ending(module.__dict__, error, 1)
    return Ending(module.__dict__, None, 0)


def enter(task: Task, places: PathMap) -> None:
    """Go where the script is started, and give it its input, its command line and where it finds its modules."""
    os.chdir(str(task.code / task.workdir))
    give_stdin(task.stdin)
    sys.argv = [os.path.relpath(str(task.script)), *(places.text(arg) for arg in task.args)]
    further = [str(task.code / folder) for folder in task.pythonpath]
    sys.path[:1] = [str(task.script.parent), *further]
    if further:  # for its children
        inherited = os.environ.get("PYTHONPATH")
        os.environ["PYTHONPATH"] = os.pathsep.join([*further, *([inherited] if inherited else [])])


def _wait_for_threads() -> None:
    """Wait for the threads that the script has started, as Python does before it ends.

    Those of a pool wait for work until they are told that Python ends; what they were given to do is done then.
    """
    pooled = [thread for module, kept in _POOLS.items() for thread in getattr(sys.modules.get(module), kept, ())]
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon and thread not in pooled:
            thread.join()


def stopped(stop: SystemExit, variables: Dict[str, Foreign]) -> Ending:
    """Return the ending of a script that ended itself by *stop*, whose message goes to standard error as ever."""
    if stop.code is None or stop.code == 0:
        return Ending(variables, None, 0)
    if not isinstance(stop.code, int):
        sys.stderr.write("{}\n".format(stop.code))
    return Ending(variables, stop, stop.code if isinstance(stop.code, int) else 1)


def give_stdin(text: str) -> None:
    """Make *text* what is read from standard input, by this process and its children; an empty one ends at once."""
    encoding = getattr(sys.stdin, "encoding", None) or "utf-8"
    if text:
        with tempfile.TemporaryFile() as file:  # a file and not a pipe, which would hold but 64 KiB
            file.write(text.encode(encoding, "surrogateescape"))
            file.seek(0)
            os.dup2(file.fileno(), 0)
    else:
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        if nothing != 0:
            os.close(nothing)
    os.set_inheritable(0, True)
    # A new object: the old one may be closed, or may have read ahead. The descriptor stays as long as the process.
    sys.stdin = open(0, encoding=encoding, errors="surrogateescape", closefd=False)  # noqa: SIM115


def belong_to_package(module: ModuleType, source: bytes, script: Path, code: Path) -> None:
    """Make *module*, in which the *source* of a *script* below *code* is to run, a part of the package of its folder.

    Nothing is done for a script without a relative import.
    """
    if not _RELATIVE.search(source):
        return
    parts = script.parent.relative_to(code).parts
    if parts:
        sys.path.insert(1, str(code))
        importlib.import_module(".".join(parts))
    else:
        package = ModuleType(ROOT)
        package.__path__ = [str(code)]
        sys.modules[ROOT] = package
    module.__package__ = ".".join(parts) or ROOT
