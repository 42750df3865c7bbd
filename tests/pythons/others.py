"""Another Python, for the libraries that the tests' own does not have: PyTorch, XGBoost, LightGBM, CatBoost."""

import functools
import os
import subprocess
import sys
from pathlib import Path

from tests.pythons import forked
from tests.requirements import cannot_run

VARIABLE = "TRAINYARD_TEST_PYTHON"
"""Names another interpreter that has them."""

MADE = Path(__file__).parents[2] / ".venv-torch" / "bin" / "python"
"""What `make test` makes."""


def python_with(library: str) -> str:
    """Return an interpreter that has *library*; without one the test cannot run."""
    path = os.environ.get(VARIABLE) or (str(MADE) if MADE.exists() else sys.executable)
    if not _has(path, library):
        cannot_run(
            f"{path} has no {library}: `make test` makes {MADE.parents[1].name}, and {VARIABLE} may name another"
        )
    return forked.python(path)


@functools.cache
def _has(path: str, library: str) -> bool:
    return subprocess.run([path, "-c", f"import {library}"], capture_output=True, check=False).returncode == 0
