"""The names of the marks by which services tell each other what is over."""

from __future__ import annotations


def ended(job: str) -> str:
    """The job has its outcome; nothing of it may start any more."""
    return f"{job}/ended"


def decided(job: str, trial: int) -> str:
    """The trial has its verdict; its container and volume are no longer needed."""
    return f"{job}/t{trial}/decided"


def superseded(job: str, trial: int, run: int) -> str:
    """The run crashed and a further run of the trial was published."""
    return f"{job}/t{trial}/r{run}.superseded"


def submission(job: str) -> str:
    """Which submission the job belongs to."""
    return f"{job}/submission"
