"""The problems: code as people write it that misses its threshold, and what would mend it."""

from pathlib import Path

from benchmarks.courses.problem import Problem
from benchmarks.wines.probing import read_files
from trainyard.policy import FILE

FOLDER = Path(__file__).parent / "problems"


def problems() -> dict[str, Problem]:
    """Return all problems by name."""
    folders = sorted(path.parent for path in FOLDER.glob(f"*/{FILE}"))
    return {folder.name: Problem(folder.name, _without_leftovers(read_files(folder))) for folder in folders}


def _without_leftovers(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if "__pycache__" not in name}
