"""Which library refuses what a script does, though its older versions did it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from traceback import walk_tb
from types import FrameType
from typing import Callable, Dict, List, Optional, Sequence

#: What is said of a training for which each library was served in an older version, before the place in the code.
SENTENCES: Dict[str, str] = {
    "keras": "trained on tf-keras (Keras 2): Keras 3 refuses",
    "numpy": "trained with the older API of NumPy: today's refuses",
    "pandas": "trained with the older API of pandas: today's refuses",
}
#: Types of errors about a file, a module or memory that is missing, whichever library raises them.
_OF_OTHERS = {"OSError", "ImportError", "MemoryError", "ResourceExhaustedError"}
_OF_NUMPY = re.compile(
    r"arrays to stack must be passed as a|first input argument needs to be a sequence"
    r"|only 0-dimensional arrays can be converted|setting an array element with a sequence"
)
_OF_PANDAS = re.compile(r"'(DataFrame|Series)' object has no attribute")


def refusing(error: BaseException, code: Path, libraries: Sequence[str]) -> Optional[str]:
    """Return which of *libraries*, served in an older version, might not have raised *error*; None where none is."""
    if not isinstance(error, Exception) or _OF_OTHERS.intersection(each.__name__ for each in type(error).__mro__):
        return None
    return next((library for library in libraries if library in _SIGNS and _SIGNS[library](error, code)), None)


def _by_numpy(error: BaseException, _code: Path) -> bool:
    return isinstance(error, (TypeError, ValueError)) and bool(_OF_NUMPY.search(str(error)))


def _by_pandas(error: BaseException, _code: Path) -> bool:
    return isinstance(error, AttributeError) and bool(_OF_PANDAS.search(str(error)))


def _by_keras(error: BaseException, code: Path) -> bool:
    """Return whether Keras raised it, and not the author's code within Keras; tf-keras has to be there."""
    if importlib.util.find_spec("tf_keras") is None or _by_numpy(error, code):
        return False
    frames: List[FrameType] = [frame for frame, _ in walk_tb(error.__traceback__)]
    authors = [place for place, frame in enumerate(frames) if frame.f_code.co_filename.startswith(str(code))]
    inside = frames[authors[-1] + 1 :] if authors else []
    return any(str(frame.f_globals.get("__name__")).split(".")[0] in ("keras", "tensorflow") for frame in inside)


_SIGNS: Dict[str, Callable[[BaseException, Path], bool]] = {
    "keras": _by_keras,
    "numpy": _by_numpy,
    "pandas": _by_pandas,
}
