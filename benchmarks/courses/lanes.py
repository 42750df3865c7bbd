"""Several lanes at the same time, which work off what waits."""

import queue
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.courses.lane import Lane

Job = Callable[[Lane], str]
"""Trains in the lane, and returns a line about what came of it."""


def work_off(
    phases: Iterable[Iterable[Job]], *, lanes: int, limit: float, until: float, datasets: Path | None = None
) -> None:
    """Do job after job in at most so many lanes and print each one's line, until none waits or the clock says *until*.

    The jobs of a phase are asked for when those of the one before are done. A training may take *limit* seconds.
    """
    opened: list[Lane] = []
    with ExitStack() as stack, ThreadPoolExecutor(lanes) as pool:
        for phase in phases:
            waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
            for job in phase:
                waiting.put(job)
            while len(opened) < min(lanes, waiting.qsize()):
                opened.append(stack.enter_context(Lane(limit=limit, datasets=datasets)))
            for each in [pool.submit(_work, lane, waiting, until) for lane in opened]:
                each.result()


def _work(lane: Lane, waiting: queue.SimpleQueue[Job], until: float) -> None:
    while time.monotonic() < until:
        try:
            job = waiting.get_nowait()
        except queue.Empty:
            return
        print(job(lane), flush=True)
