"""One nursery, as the benchmark sees it: it trains one code after the other."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from benchmarks.wines.probing import ROOT, environment, lay_out, with_result
from trainyard.trial import Failure, Trial

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"), "1"
)
"""So that a trial takes the same time, and comes to the same numbers, however many lanes there are."""


class Lane:
    """A nursery and what it is asked; a context."""

    def __init__(self, *, limit: float, datasets: Path | None = None) -> None:
        """Start the nursery; a trial may take *limit* seconds, and the data sets of libraries lie in *datasets*."""
        self._limit = limit
        self.datasets = datasets
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.courses.nursery"],
            cwd=ROOT,
            env={**environment(), **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        """Wait until the libraries are imported."""
        if self._answer() != "ready":
            raise RuntimeError("The nursery did not start; run `python -m benchmarks.courses.nursery` to see why.")
        return self

    def __exit__(self, *_: object) -> None:
        """End the nursery."""
        self._process.stdin.close()  # type: ignore[union-attr]
        self._process.wait()
        self._process.stdout.close()  # type: ignore[union-attr]

    def train(
        self, folder: Path, files: Mapping[str, bytes], *, entrypoint: str, seed: int, trial: Trial, **more: Any
    ) -> Trial:
        """Train *files* in a new *folder* and return *trial* with what was measured; *more* goes into the task.

        Its seconds are those on the processor: what else the host does must not tell strategies apart.
        """
        task = lay_out(folder, files, entrypoint=entrypoint, seed=seed, **more)
        code, seconds = self.do("benchmarks.courses.probed", task)
        if code is None:
            failure = Failure(reason="timed_out", message=f"it took longer than {self._limit:.0f} seconds")
            return trial.model_copy(update={"failure": failure, "seconds": seconds})
        return with_result(task.parent, trial).model_copy(update={"seconds": seconds})

    def do(self, work: str, task: Path, *, times: int = 1) -> tuple[int | None, float]:
        """Have a child do *work* on *task*; return its exit code, None where its time was up, and its seconds.

        It gets *times* the time of a trial.
        """
        output = task.parent / "output.txt"
        job = {"work": work, "task": str(task), "output": str(output), "limit": self._limit * times}
        self._process.stdin.write(json.dumps(job) + "\n")  # type: ignore[union-attr]
        self._process.stdin.flush()  # type: ignore[union-attr]
        code, seconds = json.loads(self._answer())
        return code, seconds

    def _answer(self) -> str:
        line: str = self._process.stdout.readline()  # type: ignore[union-attr]
        return line.strip()
