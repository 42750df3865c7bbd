"""The names of the marks by which services share what is over."""


def ended(job: str) -> str:
    """Name the mark that the job has its outcome; nothing of it may start any more."""
    return f"{job}/ended"


def decided(job: str, trial: int) -> str:
    """Name the mark that the trial has its verdict; its container and volume are no longer needed."""
    return f"{job}/t{trial}/decided"


def superseded(job: str, trial: int, run: int) -> str:
    """Name the mark that the run crashed and another run of the trial was published."""
    return f"{job}/t{trial}/r{run}.superseded"


def submission(job: str) -> str:
    """Name the mark that holds the submission to which the job belongs."""
    return f"{job}/submission"
