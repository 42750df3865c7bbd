"""Why a script failed, from the exception that ended it."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Dict, List, Optional, Tuple

from trainprobe.results.remedies import message_of, remedy_for

MOST = 16 * 1024  # bytes of a traceback
_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

HELD = (
    "The images contain numpy, scipy, pandas, scikit-learn, matplotlib, seaborn, xgboost and lightgbm; tensorflow, "
    "keras and h5py, or torch; Pillow and OpenCV (cv2); other well-known modules are installed on top of them"
)


def plain_traceback(error: BaseException) -> Optional[TracebackType]:
    """Return the error's traceback without the probe's own frames, as plain Python would have shown it."""
    links, link = [], error.__traceback__
    while link is not None:  # a RecursionError has too many for a recursion
        links.append(link)
        link = link.tb_next
    rest: Optional[TracebackType] = None
    for each in reversed(links):
        if not os.path.abspath(each.tb_frame.f_code.co_filename).startswith(_OWN):
            rest = TracebackType(rest, each.tb_frame, each.tb_lasti, each.tb_lineno)
    return rest


def describe(error: BaseException, code: Path) -> Dict[str, object]:
    """Return type, message, traceback (the frames in the author's *code*), file and line of *error*."""
    frames = authors_frames(error, code)
    file, line = _place(error, frames, code)
    head = ["Traceback (most recent call last):\n"] if frames else []
    lines = head + traceback.format_list(frames) + traceback.format_exception_only(type(error), error)
    return {
        "type": type(error).__name__,
        "message": _message(error),
        "traceback": "".join(lines)[-MOST:],
        "file": file,
        "line": line,
    }


def authors_frames(error: BaseException, code: Path) -> List[traceback.FrameSummary]:
    """Return the frames of the author's *code* that *error* went through, innermost last."""
    return [frame for frame in traceback.extract_tb(error.__traceback__) if _is_authors(frame.filename, code)]


def failure(error: BaseException, code: Path, stdin: str) -> Dict[str, object]:
    """Return the content of error.json for a script, run with *stdin*, that ended by *error* before it had measured."""
    reason, remedy = _reason(error, code, stdin)
    return {"version": 1, "reason": reason, **describe(error, code), "remedy": remedy}


def without(module: str, why: str) -> Dict[str, object]:
    """Return the content of error.json for a script that could not be started without *module*."""
    return {
        "version": 1,
        "reason": "missing_module",
        "type": "ModuleNotFoundError",
        "message": "This Python has no {}, {}.".format(module, why),
        "remedy": "Install it: pip install {}; the training images include it.".format(module),
        "traceback": "",
        "file": None,
        "line": None,
    }


def _reason(error: BaseException, code: Path, stdin: str) -> Tuple[str, str]:
    if isinstance(error, SyntaxError) and _is_authors(error.filename or "", code):
        return "syntax", "Fix the line named; the script is not valid Python {}.{}.".format(*sys.version_info[:2])
    remedy = remedy_for(error, authors_frames(error, code), stdin)
    if remedy:
        return "missing_module" if isinstance(error, ModuleNotFoundError) else "raised", remedy
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing(error.name)
    if isinstance(error, FileNotFoundError):
        return "raised", "Add the file to the repository and refer to it by a path relative to the script."
    return "raised", "Fix the script at the line named; the traceback is in the log."


def _missing(name: str) -> Tuple[str, str]:
    package = name.partition(".")[0]
    try:
        is_missing = importlib.util.find_spec(package) is None
    except (ImportError, ValueError):  # a half-made module has no spec; then it is there
        is_missing = False
    if not is_missing:
        version = getattr(sys.modules.get(package), "__version__", None)
        installed = "{} {}".format(package, version) if isinstance(version, str) else package
        return "raised", "The installed {} has no {}: use what that version provides instead.".format(installed, name)
    remedy = (
        '. If {0!r} comes with a package, name the package in trainyard.toml: packages = ["..."]; if it is a module of '
        "your own, add {0}.py to the code."
    )
    return "missing_module", (HELD + remedy).format(package)


def _place(
    error: BaseException, frames: List[traceback.FrameSummary], code: Path
) -> Tuple[Optional[str], Optional[int]]:
    if isinstance(error, SyntaxError) and _is_authors(error.filename or "", code):
        return _relative(error.filename or "", code), error.lineno
    return (_relative(frames[-1].filename, code), frames[-1].lineno) if frames else (None, None)


def _message(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        message = message_of(error)
        return "the script called sys.exit({!r}){}".format(error.code, ": " + message if message else "")
    return (error.msg or "") if isinstance(error, SyntaxError) else str(error)[:4096]


def _is_authors(filename: str, code: Path) -> bool:
    path = os.path.abspath(filename)
    return not filename.startswith("<") and path.startswith(str(code) + os.sep) and "site-packages" not in path


def _relative(filename: str, code: Path) -> str:
    return str(Path(os.path.abspath(filename)).relative_to(code))
