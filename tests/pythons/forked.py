"""The Python with which tests start processes that train: each is forked from one that has imported the libraries."""

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
VARIABLES = {
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",  # the same sums in the same order
    "PYTHONHASHSEED": "0",
    # Where several processes share the cores, more threads of each wait for one another.
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
}


@functools.cache
def python(executable: str = sys.executable) -> str:
    """Return the path of an interpreter whose processes have what they use of *executable*'s libraries imported.

    What it forks from is started once for each process of pytest, and ends with it.
    """
    folder = Path(tempfile.mkdtemp(prefix="forked-"))
    for name in ("python", "trainyard"):
        (folder / name).write_text(f"#!{sys.executable} -IS\n{(HERE / 'client.py').read_text()}")
        (folder / name).chmod(0o755)
    server = subprocess.Popen(
        [executable, str(HERE / "server.py"), str(folder)],
        env={**os.environ, **VARIABLES},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    atexit.register(_end, server, folder)
    assert server.stdout is not None
    assert server.stdout.readline() == b"ready\n"
    return str(folder / "python")


def trainyard() -> str:
    """Return the path of the `trainyard` command, whose trainings are forked too."""
    return str(Path(python()).with_name("trainyard"))


def _end(server: subprocess.Popen[bytes], folder: Path) -> None:
    server.communicate()
    shutil.rmtree(folder)
