"""Jobs that have been: those that `trainyard run` left in this folder, and those that the evaluator knows."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from trainyard_cli.errors import CommandError
from trainyard_cli.jobs import resolve
from trainyard_cli.remote.evaluator import RemoteJobs
from trainyard_cli.view.job import Job

FOLDER = Path(".trainyard") / "jobs"
FILE = "job.json"


def find(name: str, evaluator_url: str) -> Job:
    """Return the job called *name*, a path to its `job.json`, or the only one whose id begins so.

    Raises:
        CommandError: The file is no job, or the evaluator does not answer.
        UsageError: There is no such job, or there are several.
    """
    here = Path(name)
    if here.suffix == ".json" or (here / FILE).is_file():
        return _read(here / FILE if here.is_dir() else here)
    left = sorted(FOLDER.glob(f"{name}*/{FILE}"))
    if len(left) == 1:
        return _read(left[0])
    jobs = RemoteJobs(evaluator_url)
    known = jobs.get(resolve(jobs, name))
    if known is None:
        raise CommandError(f"the job {name} is gone", remedy="`trainyard jobs` lists those there are.")
    return known


def _read(path: Path) -> Job:
    """Read what `trainyard run` wrote."""
    try:
        return Job.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        remedy = "Name a job, or the job.json that `trainyard run` left in .trainyard/jobs/<job>/."
        raise CommandError(f"{path} holds no job: {str(error).splitlines()[0]}", remedy=remedy) from error
