"""Commands as a person types them, in a folder of the test's own."""

import os
import subprocess
from pathlib import Path

from tests.pythons import forked


def trainyard(folder: Path, *arguments: str) -> str:
    """Run the `trainyard` command as `run` does."""
    return run(folder, forked.trainyard(), *arguments)


def run(folder: Path, *arguments: str) -> str:
    """Run a command in *folder*, without our settings around it, and return what it prints; it has to end well."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRAINYARD_")}
    process = subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert process.returncode == 0, process.stdout + process.stderr
    return process.stdout
