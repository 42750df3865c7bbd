"""``python -m trainprobe.child task.json script.py ARGUMENT...``: runs the script, and writes down what it measured."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

from trainprobe.environment.figures import Figures
from trainprobe.files import EventLog
from trainprobe.results.children import tell, tell_failure
from trainprobe.results.collect import measurements
from trainprobe.results.errors import failure
from trainprobe.results.sources.heard import Heard
from trainprobe.run.output import tee_stdout
from trainprobe.run.runner import FORKED, equip
from trainprobe.run.script import perform
from trainprobe.task import read_task
from trainprobe.trace import Trace
from trainprobe.training.checkpoint import Checkpoints
from trainprobe.watch import Watch


def main() -> int:
    """Run the script and return its exit code."""
    run = read_task(sys.argv[1])
    script = Path(os.path.realpath(sys.argv[2]))
    task = replace(run, entrypoint=os.path.relpath(str(script), os.path.realpath(str(run.code))))
    own = run.run_dir / "children" / "{}-{}".format(script.stem, os.getpid())
    watch = Watch(Trace(task.entrypoint), EventLog(own / "epochs.jsonl"), Checkpoints(own / "checkpoints"))
    own.mkdir(parents=True, exist_ok=True)
    figures = Figures(run.run_dir / "artifacts" / own.name, watch)
    places = equip(task, watch, figures)
    heard = tee_stdout(Heard(watch.trace.tick), run.run_dir / FORKED)
    sys.argv[:] = sys.argv[2:]
    sys.path[0] = str(script.parent)
    ending = perform(script, places, Path(os.path.realpath(str(run.code))))
    if os.getpid() == watch.pid:
        with watch.guard("keeping the figures that are open"):
            figures.keep_open_ones()
        with watch.guard("telling what was measured"):
            tell(own, measurements(task, watch, ending, [], heard))
            if ending.error is not None:
                tell_failure(own, failure(ending.error, task))
    return ending.code


if __name__ == "__main__":
    sys.exit(main())
