"""A trial in a child of the nursery: the author's script under the probe."""

from trainprobe.run.runner import run
from trainprobe.task import read_task


def work(task: str) -> int:
    """Run the task file at *task*."""
    return run(read_task(task))
