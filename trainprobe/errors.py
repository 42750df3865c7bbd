"""Says in words why a script failed, from the exception that ended it."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Dict, List, Optional, Tuple

from trainprobe.task import Task

MOST = 16 * 1024  # bytes of a traceback
_OWN = os.path.dirname(os.path.abspath(__file__)) + os.sep

NO_METRIC = (
    "Let the script measure its model on data it was not trained on (model.evaluate, model.score, accuracy_score), "
    "keep the value in a variable called accuracy, or write it to accuracy.txt or metrics.json; "
    'or name the metric to use in trainyard.toml, e.g. metric = "accuracy".'
)

HELD = (  # in the words of the inspection, which refuses what it can see before anything runs
    "The images hold numpy, scipy, pandas, scikit-learn and matplotlib; for neural networks tensorflow, keras and h5py "
    "as well; for images Pillow and OpenCV (cv2)"
)


def plain_traceback(error: BaseException) -> Optional[TracebackType]:
    """Return the error's traceback without the probe's own frames, as plain Python would have shown it."""
    return _without_own(error.__traceback__)


def describe(error: BaseException, task: Task) -> Dict[str, object]:
    """Return type, message, traceback (the author's frames), file and line of *error*."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_authors(frame.filename, task)]
    file, line = _place(error, frames, task)
    return {
        "type": type(error).__name__,
        "message": _message(error),
        "traceback": _text(error, frames),
        "file": file,
        "line": line,
    }


def failure(error: BaseException, task: Task) -> Dict[str, object]:
    """Return the content of error.json for a script that ended by *error* before it had measured."""
    reason, remedy = _reason(error, task)
    return {"version": 1, "reason": reason, **describe(error, task), "remedy": remedy}


def no_metric(seen: List[str], wanted: Optional[str]) -> Dict[str, object]:
    """Return the content of error.json for a script that ended well and measured nothing that was looked for."""
    names = ", ".join(sorted(set(seen))[:20])
    message = "No metric found: the script ended, and nothing that it did tells its {}.".format(wanted or "accuracy")
    remedy = NO_METRIC + (" Seen were: {}; metric can name one of them.".format(names) if names else "")
    place: Dict[str, object] = {"file": None, "line": None, "traceback": ""}
    return {"version": 1, "reason": "no_metric", "type": "NoMetric", "message": message, "remedy": remedy, **place}


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
    name = (error.name or "") if isinstance(error, ModuleNotFoundError) else ""
    if name and _is_missing(name.split(".")[0]):
        return "missing_module", HELD + ". Do without {0!r}, or add it to the code as {0}.py if it is your own.".format(
            name.split(".")[0]
        )
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
        return "the script ended itself by sys.exit({!r})".format(error.code)
    return (error.msg or "") if isinstance(error, SyntaxError) else str(error)[:4096]


def _text(error: BaseException, frames: List[traceback.FrameSummary]) -> str:
    head = ["Traceback (most recent call last):\n"] if frames else []
    lines = head + traceback.format_list(frames) + traceback.format_exception_only(type(error), error)
    return "".join(lines)[-MOST:]


def _is_authors(filename: str, task: Task) -> bool:
    path = os.path.abspath(filename)
    return path.startswith(str(task.code.absolute()) + os.sep) and "site-packages" not in path


def _relative(filename: str, task: Task) -> str:
    return str(Path(os.path.abspath(filename)).relative_to(task.code.absolute()))


def _without_own(link: Optional[TracebackType]) -> Optional[TracebackType]:
    if link is None:
        return None
    rest = _without_own(link.tb_next)
    if os.path.abspath(link.tb_frame.f_code.co_filename).startswith(_OWN):
        return rest
    return TracebackType(rest, link.tb_frame, link.tb_lasti, link.tb_lineno)
