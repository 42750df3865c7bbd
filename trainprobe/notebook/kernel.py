"""``python -m trainprobe.notebook.kernel task.json -f connection.json``: the kernel in which a notebook's cells run."""

from __future__ import annotations

import importlib
import io
import os
import sys
from functools import partial
from typing import Optional

from trainprobe.foreign import Foreign
from trainprobe.results.collect import Ending
from trainprobe.run.conclude import conclude
from trainprobe.run.prepare import Session, prepare
from trainprobe.run.script import enter, stopped
from trainprobe.task import read_task

INLINE = "module://matplotlib_inline.backend_inline"


class Cells:
    """What became of the cells that *shell* has executed."""

    def __init__(self, session: Session, shell: Foreign) -> None:
        self._session = session
        self._shell = shell
        self._error: Optional[BaseException] = None
        shell.compile.get_code_name = self._place
        shell.events.register("pre_run_cell", self._begin)
        shell.events.register("post_run_cell", self._executed)
        self._keep_what_is_printed(sys.stdout)

    def ending(self) -> Ending:
        """Return how the notebook ended: as its last cell did."""
        if isinstance(self._error, SystemExit):
            return stopped(self._error, self._shell.user_ns)
        return Ending(self._shell.user_ns, self._error, int(self._error is not None))

    def _place(self, _raw: str, _code: str, number: int) -> str:
        # a traceback names the cell as the notebook does: train.ipynb In[3]
        return "{} In[{}]".format(self._session.task.script, number)

    def _begin(self, _cell: Foreign) -> None:
        """Seed before the first cell: the kernel draws random numbers for itself until then."""
        self._shell.events.unregister("pre_run_cell", self._begin)
        self._session.seeding.begin()

    def _executed(self, result: Foreign) -> None:
        self._error = result.error_before_exec or result.error_in_exec
        if result.result is not None:
            raw = result.info.raw_cell.rstrip()
            at = (self._place(raw, raw, result.execution_count), raw.count("\n") + 1)
            self._session.printed.append("{!r}\n".format(result.result)[:4096], at)

    def _keep_what_is_printed(self, stream: Foreign) -> None:
        write = stream.write

        def kept(text: str) -> Foreign:
            self._session.printed.append(text[-4096:])
            return write(text)

        stream.write = kept


def main() -> None:
    """Serve the notebook's cells until its end, then conclude the run."""
    task = read_task(sys.argv[1])
    os.environ["MPLBACKEND"] = INLINE
    session = prepare(task)
    kernels: Foreign = importlib.import_module("ipykernel.kernelapp")
    app = kernels.IPKernelApp.instance()
    app.initialize(sys.argv[2:])
    enter(task, session.changes.places)
    app.shell.ast_transformers.extend(session.changes.transformers())
    app.kernel.raw_input = partial(_answer, io.StringIO(task.stdin))
    cells = Cells(session, app.shell)
    app.start()
    conclude(session, cells.ending())


def _answer(answers: io.StringIO, prompt: object = "") -> str:
    """Return the next of *answers*, as ``input`` does."""
    sys.stdout.write(str(prompt))
    line = answers.readline()
    if not line:
        raise EOFError("EOF when reading a line")
    return line.rstrip("\n")


if __name__ == "__main__":
    main()
