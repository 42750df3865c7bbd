"""Recognises, by the exception that ended a script, what it did not find; and says which setting gives it that."""

from __future__ import annotations

import errno
import linecache
import os
import re
from traceback import FrameSummary, walk_tb
from typing import Iterator, Optional, Sequence

from trainprobe.foreign import Foreign
from trainprobe.task import Task

_ARGUMENTS = "What a script is started with is named in trainyard.toml, for example: args = {}"
_ANSWERS = "What a script reads from its input is given in trainyard.toml, one line for each answer, for example: {}"
_VARIABLES = 'Environment variables are given in trainyard.toml, for example: env = {{ {} = "..." }}'
_SCREEN = "There is no screen where scripts are trained: let the script train without opening a window."
_FILE = "Add the file to the repository and read it by its path there; trainings may have no way to that host."
_NEAR = 4  # lines above a sys.exit in which it is said why
_SCREENS = ("tkinter", "_tkinter", "Tkinter", "turtle")
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_UNREACHED = ("URLError", "gaierror", "ConnectionError", "ConnectTimeout", "ConnectionRefusedError", "ProxyError")
_FETCHERS = {"sklearn": os.path.join("sklearn", "datasets", ""), "torch": os.path.join("torchvision", "datasets", "")}


def message_of(stop: SystemExit) -> str:
    """Return what the library that reads the command line said when it ended the script, or nothing."""
    for frame, _ in walk_tb(stop.__traceback__):
        if frame.f_code.co_name == "error" and os.path.basename(frame.f_code.co_filename) == "argparse.py":
            return str(frame.f_locals.get("message", ""))
    cause: Foreign = stop.__context__
    return str(cause.format_message()) if hasattr(cause, "format_message") else ""


def remedy_for(error: BaseException, authors: Sequence[FrameSummary], task: Task) -> Optional[str]:
    """Return what gives the script the thing that it lacked; None where it failed for another reason.

    Args:
        error: What ended it.
        authors: The frames of the author's code, innermost last.
        task: What it was run with.
    """
    line = (authors[-1].line or "") if authors else ""
    return _input(error, line, task) or _arguments(error, line, authors) or _variable(error, line) or _others(error)


def _input(error: BaseException, line: str, task: Task) -> Optional[str]:
    asks = isinstance(error, EOFError) and ("EOF when reading a line" in str(error) or "input(" in line)
    if not asks and not (isinstance(error, (ValueError, IndexError, StopIteration)) and "stdin" in line):
        return None
    given = len(task.stdin.splitlines())
    had = "It was given {} line{} and asks for more. ".format(given, "" if given == 1 else "s") if given else ""
    return had + _ANSWERS.format('stdin = "{}"'.format("...\\n" * (given + 1)))


def _arguments(error: BaseException, line: str, authors: Sequence[FrameSummary]) -> Optional[str]:
    if isinstance(error, SystemExit):
        said = message_of(error)
        if said:
            return _ARGUMENTS.format(_example(said))
        told = "{}\n{}".format(error.code if isinstance(error.code, str) else "", _above(authors))
        if error.code and re.search(r"\busage\b|\bargv\b", told, re.IGNORECASE):
            return _ARGUMENTS.format('["..."]')
    elif isinstance(error, (IndexError, ValueError)) and "argv" in line:
        return _ARGUMENTS.format('["..."]')
    return None


def _example(said: str) -> str:
    """Return a value of ``args`` with the arguments that are *said* to be missing."""
    missing = re.search(r"required:\s*(.+)|Missing (?:option|argument|parameter):?\s*(.+)", said)
    if not missing:
        return '["..."]'
    names = [name.strip(" '\".").split("/")[0] for name in (missing.group(1) or missing.group(2)).split(",")]
    return "[{}]".format(", ".join('"{}", "..."'.format(name) if name[:1] == "-" else '"..."' for name in names))


def _above(authors: Sequence[FrameSummary]) -> str:
    """Return the lines at and above the one at which the script ended itself."""
    if not authors:
        return ""
    last = authors[-1].lineno or 0
    return "".join(linecache.getline(authors[-1].filename, number) for number in range(max(1, last - _NEAR), last + 1))


def _variable(error: BaseException, line: str) -> Optional[str]:
    if isinstance(error, KeyError) and ("environ" in line or _raised_in(error, "os.py")):
        return _VARIABLES.format(error.args[0] if error.args else "NAME")
    asked = re.search(r"(?:getenv|environ\.get)\(\s*[\"'](\w+)[\"']", line)
    return _VARIABLES.format(asked.group(1)) if asked and isinstance(error, (TypeError, ValueError)) else None


def _raised_in(error: BaseException, file: str) -> bool:
    files = [frame.f_code.co_filename for frame, _ in walk_tb(error.__traceback__)]
    return bool(files) and os.path.basename(files[-1]) in (file, "<frozen {}>".format(file[:-3]))


def _others(error: BaseException) -> Optional[str]:
    if isinstance(error, ImportError) and (error.name or "").split(".")[0] in _SCREENS:
        return _SCREEN
    if type(error).__name__ == "TclError" and "display" in str(error):
        return _SCREEN
    if isinstance(error, OSError) and error.errno in _FORBIDDEN and os.path.isabs(str(error.filename)):
        return "A training has the folder of its code, and one for temporary files: keep {} there.".format(
            error.filename
        )
    fetched = re.search(r"URL fetch failure on (\S+)", str(error))
    if fetched:
        return _dataset(os.path.basename(fetched.group(1).rstrip(":")), "keras")
    return _unreached(error) if any(type(each).__name__ in _UNREACHED for each in _chain(error)) else None


def _unreached(error: BaseException) -> str:
    """Return what to do about something that could not be downloaded."""
    codes = [frame.f_code for frame, _ in walk_tb(error.__traceback__)]
    for library, folder in _FETCHERS.items():
        inside = [code.co_name for code in codes if folder in code.co_filename]
        if inside:
            return _dataset(next((name for name in inside if name.startswith("fetch_")), library), library)
    return _FILE


def _dataset(name: str, library: str) -> str:
    option = "" if library == "keras" else "--for {} ".format(library)
    return (
        "{} is not among the data sets that trainings find without a download, and it could not be downloaded. The "
        "operator adds it by `trainyard datasets add {}FILE`, to what TRAINYARD_TRAINER_DATASETS names."
    ).format(name, option)


def _chain(error: Optional[BaseException]) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
