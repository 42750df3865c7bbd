"""Which setting gives a script what it lacked, recognised by the exception that ended it."""

from __future__ import annotations

import errno
import linecache
import os
import re
from traceback import FrameSummary, walk_tb
from typing import Iterator, Optional, Sequence

from trainprobe.foreign import Foreign

_ARGUMENTS = "Set the script's command-line arguments in trainyard.toml, for example: args = {}"
_ANSWERS = "Give the script's input in trainyard.toml, one line for each answer, for example: {}"
_VARIABLES = 'Set environment variables in trainyard.toml, for example: env = {{ {} = "..." }}'
_SCREEN = "Scripts run without a display: let the script train without opening a window."
_FILE = "Add the file to the repository and read it from there; trainings may have no access to that host."
_FORBIDDEN_PATH = "A training can use only its code folder and the folder for temporary files: keep {} there."
_NEAR = 4  # lines above a sys.exit that may explain it
_SCREENS = ("tkinter", "_tkinter", "Tkinter", "turtle")
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_UNREACHED = ("URLError", "gaierror", "ConnectionError", "ConnectTimeout", "ConnectionRefusedError", "ProxyError")
_FETCHERS = {"sklearn": os.path.join("sklearn", "datasets", ""), "torch": os.path.join("torchvision", "datasets", "")}


def message_of(stop: SystemExit) -> str:
    """Return the message of the library that reads the command line where it ended the script, or nothing."""
    for frame, _ in walk_tb(stop.__traceback__):
        if frame.f_code.co_name == "error" and os.path.basename(frame.f_code.co_filename) == "argparse.py":
            return str(frame.f_locals.get("message", ""))
    cause: Foreign = stop.__context__
    return str(cause.format_message()) if hasattr(cause, "format_message") else ""


def remedy_for(error: BaseException, authors: Sequence[FrameSummary], stdin: str) -> Optional[str]:
    """Return what gives a script, which *error* ended, the thing that it lacked; None where it failed otherwise.

    *authors* are the frames of the author's code, innermost last, *stdin* what the script could read.
    """
    line = (authors[-1].line or "") if authors else ""
    return _input(error, line, stdin) or _arguments(error, line, authors) or _variable(error, line) or _machine(error)


def _input(error: BaseException, line: str, stdin: str) -> Optional[str]:
    asks = isinstance(error, EOFError) and ("EOF when reading a line" in str(error) or "input(" in line)
    if not asks and not (isinstance(error, (ValueError, IndexError, StopIteration)) and "stdin" in line):
        return None
    lines = len(stdin.splitlines())
    had = "The script got {} line{} of input and asked for more. ".format(lines, "" if lines == 1 else "s")
    return (had if lines else "") + _ANSWERS.format('stdin = "{}"'.format("...\\n" * (lines + 1)))


def _arguments(error: BaseException, line: str, authors: Sequence[FrameSummary]) -> Optional[str]:
    if isinstance(error, SystemExit):
        message = message_of(error)
        if message:
            return _ARGUMENTS.format(_example(message))
        explanation = "{}\n{}".format(error.code if isinstance(error.code, str) else "", _above(authors))
        if error.code and re.search(r"\busage\b|\bargv\b", explanation, re.IGNORECASE):
            return _ARGUMENTS.format('["..."]')
    elif isinstance(error, (IndexError, ValueError)) and "argv" in line:
        return _ARGUMENTS.format('["..."]')
    return None


def _example(message: str) -> str:
    """Return a value of ``args`` with the arguments that are missing by the *message*."""
    missing = re.search(r"required:\s*(.+)|Missing (?:option|argument|parameter):?\s*(.+)", message)
    if not missing:
        return '["..."]'
    names = [name.strip(" '\".").split("/")[0] for name in (missing.group(1) or missing.group(2)).split(",")]
    return "[{}]".format(", ".join('"{}", "..."'.format(name) if name[:1] == "-" else '"..."' for name in names))


def _above(authors: Sequence[FrameSummary]) -> str:
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


def _machine(error: BaseException) -> Optional[str]:
    if _needs_display(error):
        return _SCREEN
    if isinstance(error, OSError) and error.errno in _FORBIDDEN and os.path.isabs(str(error.filename)):
        return _FORBIDDEN_PATH.format(error.filename)
    fetched = re.search(r"URL fetch failure on (\S+)", str(error))
    if fetched:
        return _dataset(os.path.basename(fetched.group(1).rstrip(":")), "keras")
    return _unreached(error) if any(type(each).__name__ in _UNREACHED for each in _chain(error)) else None


def _needs_display(error: BaseException) -> bool:
    if isinstance(error, ImportError):
        return (error.name or "").split(".")[0] in _SCREENS
    return type(error).__name__ == "TclError" and "display" in str(error)


def _unreached(error: BaseException) -> str:
    codes = [frame.f_code for frame, _ in walk_tb(error.__traceback__)]
    for library, folder in _FETCHERS.items():
        inside = [code.co_name for code in codes if folder in code.co_filename]
        if inside:
            return _dataset(next((name for name in inside if name.startswith("fetch_")), library), library)
    return _FILE


def _dataset(name: str, library: str) -> str:
    option = "" if library == "keras" else "--for {} ".format(library)
    return (
        "{} is not among the data sets that are available without a download, and it could not be downloaded. The "
        "operator can add it to TRAINYARD_TRAINER_DATASETS with `trainyard datasets add {}FILE`."
    ).format(name, option)


def _chain(error: Optional[BaseException]) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
