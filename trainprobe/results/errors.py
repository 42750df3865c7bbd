"""Why a script failed: the content of error.json, from the exception that ended it or for want of a metric."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from pathlib import Path
from types import TracebackType
from typing import Dict, List, Optional, Sequence, Tuple

from trainprobe.data.kind import DataKind
from trainprobe.results.common_errors import common_remedy
from trainprobe.results.remedies import message_of, remedy_for
from trainprobe.trace import Measurement

MOST = 16 * 1024  # bytes of a traceback
_OWN = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep

MOST_NAMED = 8
MEASURE = (
    "Evaluate the model on data it was not trained on (model.evaluate, model.score, accuracy_score), keep the value in "
    "a variable called accuracy, or write it to accuracy.txt or metrics.json"
)
_NOTHING_TRAINED = (
    "No metric found, because nothing was trained: the script never called a function that trains a model.",
    "Name the script that trains in trainyard.toml (entrypoint), or the arguments that make it train (args).",
)
_TRAINERS = ("keras", "tensorflow", "sklearn", "torch", "xgboost", "lightgbm", "catboost")
_DATA = {
    **{data: " on {} data".format(data.reported) for data in DataKind},
    DataKind.UNKNOWN: "",
    DataKind.TRAIN: " on TRAINING data",
    DataKind.FOLDS: " over folds",
}
_NOWHERE: Dict[str, object] = {"traceback": "", "file": None, "line": None}


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
        **_NOWHERE,
    }


def _reason(error: BaseException, code: Path, stdin: str) -> Tuple[str, str]:
    if _is_authors_syntax(error, code):
        return "syntax", "Write the line in the syntax of Python {}.{}, which runs it.".format(*sys.version_info[:2])
    authors = authors_frames(error, code)
    remedy = remedy_for(error, authors, stdin)
    if remedy:
        return "missing_module" if isinstance(error, ModuleNotFoundError) else "raised", remedy
    if isinstance(error, ModuleNotFoundError) and error.name:
        return _missing(error.name)
    if isinstance(error, FileNotFoundError):
        return "raised", "Add the file to the repository and refer to it by a path relative to the script."
    return "raised", common_remedy(error, authors)


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
        'If {0} comes with a package, name the package in trainyard.toml (packages = ["..."]) for a training image, or '
        "install it with pip where child processes train. If it is a module of your own, add {0}.py to the code."
    )
    return "missing_module", remedy.format(package)


def _place(
    error: BaseException, frames: List[traceback.FrameSummary], code: Path
) -> Tuple[Optional[str], Optional[int]]:
    if isinstance(error, SyntaxError) and _is_authors_syntax(error, code):
        return _relative(error.filename or "", code), error.lineno
    return (_relative(frames[-1].filename, code), frames[-1].lineno) if frames else (None, None)


def _is_authors_syntax(error: BaseException, code: Path) -> bool:
    return isinstance(error, SyntaxError) and _is_authors(error.filename or "", code)


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


def no_metric(measured: Sequence[Measurement], metric: str, *, trained: bool) -> Dict[str, object]:
    """Return the content of error.json for a script that ended well without measuring *metric*.

    *measured* is what it did measure, and *trained* is whether any training was seen.
    """
    if not trained and not measured and any(library in sys.modules for library in _TRAINERS):
        message, remedy = _NOTHING_TRAINED
    else:
        message = "No metric found: the script ended without reporting its {}.".format(metric)
        remedy = _remedy(_last_of_each(measured))
    return {"version": 1, "reason": "no_metric", "type": "NoMetric", "message": message, "remedy": remedy, **_NOWHERE}


def _remedy(others: List[Measurement]) -> str:
    if not others:
        return MEASURE + '; or name the metric to use in trainyard.toml, e.g. metric = "f1".'
    best = others[0]
    measured = ", ".join("{} {:.4g}{}".format(one.metric, one.value, _DATA[one.data]) for one in others[:MOST_NAMED])
    return (
        "{}; or use a metric that was measured ({}), with these lines in trainyard.toml: threshold = {:.4g} and "
        'metric = {{name = "{}", direction = "{}"}}'
    ).format(MEASURE, measured, best.value, best.metric, best.direction)


def _last_of_each(measured: Sequence[Measurement]) -> List[Measurement]:
    """Return the last value of each metric, held-out data and what is more than a loss first."""
    last = {(one.metric, one.data): one for one in measured}
    return sorted(last.values(), key=lambda one: (one.data is DataKind.TRAIN, one.metric == "loss", one.metric))
