"""What to do about the exceptions that end training scripts most often, recognised by type and message."""

from __future__ import annotations

import re
from traceback import FrameSummary
from typing import Sequence, Tuple

_PIN = "write the versions that it ran with into requirements.txt (`python -m pip freeze`): the training then uses them"
_OR_PIN = "use what replaces it, or " + _PIN + "."
_SHAPES = (
    "Compare the shapes of inputs and labels with the network's: its first layer takes the shape of one row, and its "
    "last one has a unit for each class, or a single one for a number or for two classes."
)

#: Type of an exception, a pattern of its message, and the remedy, into which the pattern's groups are put.
_TABLE: Tuple[Tuple[str, str, str], ...] = (
    ("NameError", r"name '(\w+)' is not defined", "Define or import {0} before that line."),
    ("UnboundLocalError", r"'(\w+)'", "Give {0} a value on every way to that line."),
    (
        "AttributeError",
        r"'NoneType' object",
        "Check what is None there: a file that was not read, or a call without a result.",
    ),
    ("AttributeError", r"module '([\w.]+)' has no attribute '(\w+)'", "The installed {0} has no {1}: " + _OR_PIN),
    ("AttributeError", r"'(\w+)' object has no attribute '(\w+)'", "A {0} has no {1}: " + _OR_PIN),
    ("ImportError", r"cannot import name '(\w+)' from '([\w.]+)'", "The installed {1} has no {0}: " + _OR_PIN),
    ("TypeError", r"(\w+)\(\) got an unexpected keyword argument '(\w+)'", "{0} takes no {1} as installed: " + _OR_PIN),
    ("TypeError", r"missing \d+ required", "Give the call the arguments that the message names."),
    ("ValueError", r"could not convert string to float: (.+)", "Encode or drop the column with the text {0} first."),
    (
        "ValueError",
        r"contains? (?:NaN|infinity)",
        "Fill or drop missing values before the fit (SimpleImputer, dropna).",
    ),
    (
        "ValueError",
        r"inconsistent numbers of samples|cardinality",
        "Give inputs and labels the same number of rows: print their shapes before that line.",
    ),
    ("ValueError", r"incompatible with the layer|must have the same (?:shape|rank)|are incompatible", _SHAPES),
    ("InvalidArgumentError", r"[Ii]ncompatible shapes|label value", _SHAPES),
    (
        "ValueError",
        r"cannot reshape array of size (\d+)",
        "Choose a shape with {0} elements, as many as the array has.",
    ),
    ("KeyError", r"(.+)", "Compare {0} with the keys or columns that there are: `print(list(...))` shows them."),
    ("IndexError", r"", "Compare the index with the length or shape of what it is used on."),
    ("ZeroDivisionError", r"", "Check that what is divided by, such as a number of rows, is not 0."),
    ("UnicodeDecodeError", r"", 'Read the file in its own encoding, for example encoding="latin-1".'),
)
_CHECKS = re.compile(r"(raise|assert)\b|((sys|os)\._?)?(exit|quit)\(")


def common_remedy(error: BaseException, authors: Sequence[FrameSummary]) -> str:
    """Return what to do about *error*, which went through the *authors* frames, innermost last."""
    if isinstance(error, SystemExit) or (authors and _CHECKS.match(authors[-1].line or "")):
        return "The script ends itself: provide what it checks for before that, or change the check."
    kinds = {each.__name__ for each in type(error).__mro__}
    for kind, pattern, remedy in _TABLE:
        found = re.search(pattern, str(error)) if kind in kinds else None
        if found:
            return remedy.format(*found.groups())
    return "If the script runs without this error elsewhere, " + _PIN + ". Otherwise change the line that raises it."
