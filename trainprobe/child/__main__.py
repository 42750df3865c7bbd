"""``python -m trainprobe.child task.json script.py ARGUMENT...``: runs the script, and writes down what it measured."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from trainprobe.files import EventLog
from trainprobe.results.children import CHILDREN, write_failure, write_measured
from trainprobe.results.errors import failure
from trainprobe.run.conclude import keep_figures, own_measurements
from trainprobe.run.prepare import begin
from trainprobe.run.script import perform
from trainprobe.task import read_task
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.watch import Watch


def main() -> int:
    """Run the script and return its exit code."""
    run = read_task(sys.argv[1])
    script, code = Path(os.path.realpath(sys.argv[2])), Path(os.path.realpath(str(run.code)))
    task = replace(run, entrypoint=os.path.relpath(str(script), str(code)))
    own = run.run_dir / CHILDREN / "{}-{}".format(script.stem, os.getpid())
    own.mkdir(parents=True, exist_ok=True)
    watch = Watch(Trace(task.entrypoint), EventLog(own / "epochs.jsonl"), Checkpoints(own / "checkpoints"))
    session = begin(task, watch, run.run_dir / "artifacts" / own.name, {})
    sys.argv[:] = sys.argv[2:]
    sys.path[0] = str(script.parent)
    ending = perform(script, session.changes, code)
    if os.getpid() == watch.pid:
        keep_figures(session)
        with watch.guard("writing what was measured"):
            write_measured(own, own_measurements(session, ending, []))
            if ending.error is not None:
                write_failure(own, failure(ending.error, task.code, task.stdin))
    return ending.code


if __name__ == "__main__":
    sys.exit(main())
