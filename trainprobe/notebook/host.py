"""The side that feeds the cells to the kernel, and keeps what they show."""

from __future__ import annotations

import base64
import importlib
import importlib.util
import json
import os
import re
import sys
from pathlib import Path
from typing import Iterator

from trainprobe.files import write_json
from trainprobe.foreign import Foreign
from trainprobe.results.errors import without

DIED = 137  # the exit code of a script that was killed, which is how a kernel dies
MOST_FIGURES = 20
PATIENCE = 7 * 24 * 3600.0  # seconds for the kernel to conclude; whoever limits the run ends it sooner
NEEDED = ("nbclient", "ipykernel")
_COLOUR = re.compile("\x1b\\[[0-9;]*m")


def run_notebook(notebook: Path, run_dir: Path, task_file: str) -> int:
    """Run a *notebook*, which its kernel concludes like a script, and return the exit code.

    The notebook with the output of its cells, and its figures, are kept below ``<run_dir>/artifacts``.
    """
    run_dir.mkdir(parents=True, exist_ok=True)
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        write_json(run_dir / "error.json", without(missing[0], "which notebooks need"))
        return 1
    _leave_aside_the_users_own(run_dir / "jupyter")
    exceptions: Foreign = importlib.import_module("nbclient.exceptions")
    client = _client(notebook, task_file)
    try:
        with client.setup_kernel(cleanup_kc=True):
            code = _feed(client, exceptions.CellExecutionError)
            keep(client.nb, notebook.name, run_dir / "artifacts")
    except exceptions.DeadKernelError:
        code = DIED
    if (run_dir / "result.json").exists():
        return 0 if code == DIED else code  # a cell that calls exit() takes its kernel with it
    return code or int(not (run_dir / "error.json").exists())


def _feed(client: Foreign, cell_failed: Foreign) -> int:
    """Execute the cells, up to the first that fails."""
    try:
        for index, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, index, execution_count=client.code_cells_executed + 1)
    except cell_failed as error:
        sys.stderr.write(_COLOUR.sub("", str(error)) + "\n")
        return 1
    return 0


def _client(notebook: Path, task_file: str) -> Foreign:
    """Return what executes the cells, which also prints what they print."""
    library: Foreign = importlib.import_module("nbclient")
    formats: Foreign = importlib.import_module("nbformat")

    class Client(library.NotebookClient):  # type: ignore[misc]
        def process_message(self, message: Foreign, cell: Foreign, index: int) -> Foreign:
            _print(message)
            return super().process_message(message, cell, index)

    book = formats.reads(notebook.read_text(encoding="utf-8"), as_version=4)
    return Client(book, km=_manager(task_file), timeout=None)


def _manager(task_file: str) -> Foreign:
    """Return the manager of the one kernel there is: this Python with the probe in it."""
    library: Foreign = importlib.import_module("jupyter_client")
    specs: Foreign = importlib.import_module("jupyter_client.kernelspec")
    probe = [sys.executable, "-m", "trainprobe.notebook.kernel", task_file]
    command = [*probe, "--log-level=ERROR", "-f", "{connection_file}"]

    class OneKernel(specs.KernelSpecManager):  # type: ignore[misc]
        def get_kernel_spec(self, name: str) -> Foreign:
            return specs.KernelSpec(argv=command, display_name=name, language="python")

    return library.AsyncKernelManager(kernel_spec_manager=OneKernel(), shutdown_wait_time=PATIENCE)


def _print(message: Foreign) -> None:
    content, kind = message["content"], message["msg_type"]
    if kind == "stream":
        stream = sys.stderr if content["name"] == "stderr" else sys.stdout
        stream.write(content["text"])
        stream.flush()
    elif kind == "execute_result" and "text/plain" in content["data"]:
        sys.stdout.write(content["data"]["text/plain"] + "\n")
        sys.stdout.flush()


def _leave_aside_the_users_own(folder: Path) -> None:
    # What somebody's Jupyter is set to must not change what a run shows.
    for variable in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        os.environ[variable] = str(folder)
    os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"


def keep(book: Foreign, name: str, folder: Path) -> None:
    """Write the notebook *book* to *folder* under its *name*, and beside it each figure that its cells show.

    Raises:
        OSError: there is no room.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(book, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    for number, figure in enumerate(_figures(book), 1):
        if number <= MOST_FIGURES:
            (folder / "figure-{}.png".format(number)).write_bytes(figure)


def _figures(book: Foreign) -> Iterator[bytes]:
    for cell in book["cells"]:
        for output in cell.get("outputs", ()):
            picture = output.get("data", {}).get("image/png")
            if picture:
                yield base64.b64decode(picture)
