"""What `make test` and `make e2e` select."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNIT, ENGINE, STACK = "tests/unit/test_words.py", "tests/contract/test_parking.py", "tests/e2e/test_broken_code.py"


@pytest.mark.parametrize(("kinds", "files"), [("not stack", {UNIT, ENGINE}), ("engine or stack", {ENGINE, STACK})])
def test_markers_select_files_by_their_kind(kinds: str, files: set[str]) -> None:
    """And no others, though no marker is written in them."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", kinds, UNIT, ENGINE, STACK]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)

    assert {line.partition("::")[0] for line in done.stdout.splitlines() if "::" in line} == files
