"""The files of a folder that belong to the code: all but version control, environments and caches."""

import os
from collections.abc import Iterator
from pathlib import Path

IGNORED = frozenset(
    {".git", ".hg", ".svn", ".trainyard", ".venv", "venv", "__pycache__", "node_modules", ".ipynb_checkpoints"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".tox", ".idea", ".vscode"}
)

ENVIRONMENT = "pyvenv.cfg"
"""The file that marks a virtual environment, whatever its folder is called."""


def code_files(root: str | Path) -> Iterator[Path]:
    """Yield the files below *root*, links to files included, in the order of their names."""
    for parent, folders, names in os.walk(root):
        folders[:] = sorted(
            name for name in folders if name not in IGNORED and not Path(parent, name, ENVIRONMENT).is_file()
        )
        yield from filter(Path.is_file, (Path(parent, name) for name in sorted(names)))
