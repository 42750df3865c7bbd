"""Starts a script once more with the older API of a library, where today's version refuses what it does.

That it shall be so is a file among the trial's checkpoints: a run that follows a crash begins with the older API.
"""

from __future__ import annotations

import shutil
import sys
import time
from typing import Dict

from trainprobe.compat.refusals import SENTENCES, refusing
from trainprobe.files import write_json
from trainprobe.results import artifacts, errors
from trainprobe.results.remedies import remedy_for
from trainprobe.run.prepare import Session
from trainprobe.task import OLDER, Task

LONGEST = 600.0  # seconds of an attempt; what took longer is not done again
MOST = 160  # characters of an error in a sentence


def refused(session: Session, error: BaseException, *, measured: bool) -> bool:
    """Have the script, which ended by *error*, run once more if an older version of a library may not refuse it.

    What it has *measured* before stays where only NumPy or pandas refused it: it gets as far again.
    """
    task = session.task
    library = refusing(error, task.code, task.older)
    if library is None or (measured and library == "keras") or not _may_begin_again(session, error):
        return False
    _clear_away(task, library)
    failure = errors.failure(error, task.code, task.stdin)
    why = _why(library, failure)
    served = [*task.compat, *(task.older if library == "keras" else [library])]
    reasons = "; ".join([task.refusal.why, why] if task.refusal else [why])
    write_json(task.checkpoints / OLDER, {"compat": served, "why": reasons, "failure": failure})
    sys.stderr.write("Trainyard starts the script once more, to have it {}\n".format(why))
    return True


def _may_begin_again(session: Session, error: BaseException) -> bool:
    """Return whether nothing else explains the error, and the attempt was short and left the author's files alone."""
    task = session.task
    explained = remedy_for(error, errors.authors_frames(error, task.code), task.stdin)
    changed = set(artifacts.changed(session.before, task.code)).intersection(session.before)
    return not explained and not changed and time.monotonic() - session.began <= LONGEST


def _clear_away(task: Task, library: str) -> None:
    """Remove what the first attempt left beside the code; checkpoints of Keras 3 are of no use to Keras 2."""
    fits = task.checkpoints.glob("fit-*") if library == "keras" else ()
    for path in (*fits, task.run_dir / "children", task.run_dir / "artifacts"):
        if path.is_dir():
            shutil.rmtree(str(path))
        elif path.exists():
            path.unlink()


def _why(library: str, failure: Dict[str, object]) -> str:
    message = str(failure["message"]).strip().split("\n")[0]
    shown = message if len(message) <= MOST else message[:MOST] + "..."
    place = "{}, line {}".format(failure["file"], failure["line"])
    return "{} {} ({}: {})".format(SENTENCES[library], place, failure["type"], shown)
