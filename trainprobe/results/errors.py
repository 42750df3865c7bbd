"""Says in words why a script failed, from the exception that ended it."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Dict, List, Optional, Tuple

from trainprobe.results.remedies import message_of, remedy_for
from trainprobe.task import Task

MOST = 16 * 1024  # bytes of a traceback
_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

HELD = (  # in the words of the inspection, which refuses what it can see before anything runs
    "The images hold numpy, scipy, pandas, scikit-learn, matplotlib, seaborn, xgboost and lightgbm; tensorflow, keras "
    "and h5py, or torch; Pillow and OpenCV (cv2); other well-known modules are installed on top of them"
)


def plain_traceback(error: BaseException) -> Optional[TracebackType]:
    """Return the error's traceback without the probe's own frames, as plain Python would have shown it."""
    return _without_own(error.__traceback__)


def describe(error: BaseException, task: Task) -> Dict[str, object]:
    """Return type, message, traceback (the author's frames), file and line of *error*."""
    frames = authors_frames(error, task)
    file, line = _place(error, frames, task)
    return {
        "type": type(error).__name__,
        "message": _message(error),
        "traceback": _text(error, frames),
        "file": file,
        "line": line,
    }


def authors_frames(error: BaseException, task: Task) -> List[traceback.FrameSummary]:
    """Return the frames of the author's code that *error* went through, innermost last."""
    return [frame for frame in traceback.extract_tb(error.__traceback__) if _is_authors(frame.filename, task)]


def failure(error: BaseException, task: Task) -> Dict[str, object]:
    """Return the content of error.json for a script that ended by *error* before it had measured."""
    reason, remedy = _reason(error, task)
    return {"version": 1, "reason": reason, **describe(error, task), "remedy": remedy}


def without(module: str, why: str) -> Dict[str, object]:
    """Return the content of error.json for a script that could not be started without *module*."""
    return {
        "version": 1,
        "reason": "missing_module",
        "type": "ModuleNotFoundError",
        "message": "The Python that runs this has no {}, and {}.".format(module, why),
        "remedy": "Install it there: pip install {}; the training images have it.".format(module),
        "traceback": "",
        "file": None,
        "line": None,
    }


def _reason(error: BaseException, task: Task) -> Tuple[str, str]:
    if isinstance(error, SyntaxError) and _is_authors(error.filename or "", task):
        return "syntax", "Correct the line named; the script could not be read as Python {}.{}.".format(
            *sys.version_info[:2]
        )
    lacked = remedy_for(error, authors_frames(error, task), task)
    if lacked:
        return "missing_module" if isinstance(error, ModuleNotFoundError) else "raised", lacked
    name = (error.name or "") if isinstance(error, ModuleNotFoundError) else ""
    if name and _is_missing(name.split(".")[0]):
        remedy = (
            '. Name the distribution that brings {0!r} in trainyard.toml: packages = ["..."]; or add it to the code as '
        )
        return "missing_module", (HELD + remedy + "{0}.py if it is your own.").format(name.split(".")[0])
    if name:
        return "raised", "The installed {} has no {}: use what that version has instead.".format(
            name.split(".")[0] + _version(name.split(".")[0]), name
        )
    if isinstance(error, FileNotFoundError):
        return "raised", "Add the file to the repository and name it by a path relative to the script."
    return "raised", "Correct the script at the line named; the traceback is in the log."


def _is_missing(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is None
    except (ImportError, ValueError):  # a half-made module has no spec; then it is there
        return False


def _version(package: str) -> str:
    version = getattr(sys.modules.get(package), "__version__", None)
    return " {}".format(version) if isinstance(version, str) else ""


def _place(
    error: BaseException, frames: List[traceback.FrameSummary], task: Task
) -> Tuple[Optional[str], Optional[int]]:
    if isinstance(error, SyntaxError) and _is_authors(error.filename or "", task):
        return _relative(error.filename or "", task), error.lineno
    return (_relative(frames[-1].filename, task), frames[-1].lineno) if frames else (None, None)


def _message(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        said = message_of(error)
        return "the script ended itself by sys.exit({!r}){}".format(error.code, ": " + said if said else "")
    return (error.msg or "") if isinstance(error, SyntaxError) else str(error)[:4096]


def _text(error: BaseException, frames: List[traceback.FrameSummary]) -> str:
    head = ["Traceback (most recent call last):\n"] if frames else []
    lines = head + traceback.format_list(frames) + traceback.format_exception_only(type(error), error)
    return "".join(lines)[-MOST:]


def _is_authors(filename: str, task: Task) -> bool:
    path = os.path.abspath(filename)
    return (
        not filename.startswith("<")
        and path.startswith(str(task.code.absolute()) + os.sep)
        and "site-packages" not in path
    )


def _relative(filename: str, task: Task) -> str:
    return str(Path(os.path.abspath(filename)).relative_to(task.code.absolute()))


def _without_own(link: Optional[TracebackType]) -> Optional[TracebackType]:
    links = []
    while link is not None:  # a RecursionError has too many for a recursion
        links.append(link)
        link = link.tb_next
    rest: Optional[TracebackType] = None
    for each in reversed(links):
        if not os.path.abspath(each.tb_frame.f_code.co_filename).startswith(_OWN):
            rest = TracebackType(rest, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return rest
