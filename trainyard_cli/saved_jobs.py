"""Jobs that have ended: those that `trainyard run` saved in this folder, and those that the evaluator knows."""

from pathlib import Path

from pydantic import ValidationError

from trainyard_cli.errors import CommandError
from trainyard_cli.jobs import resolve
from trainyard_cli.remote.http import remote_jobs
from trainyard_cli.view.job import Job

FOLDER = Path(".trainyard") / "jobs"
FILE = "job.json"


def find(name: str, evaluator_url: str) -> Job:
    """Return the job called *name*, a path to its `job.json`, or the only one whose id starts with it.

    Raises:
        CommandError: The file does not hold a job, or the evaluator does not answer.
        UsageError: There is no such job, or there are several.
    """
    path = Path(name)
    if path.suffix == ".json" or (path / FILE).is_file():
        return _read(path / FILE if path.is_dir() else path)
    saved = sorted(FOLDER.glob(f"{name}*/{FILE}"))
    if len(saved) == 1:
        return _read(saved[0])
    jobs = remote_jobs(evaluator_url)
    known = jobs.get(resolve(jobs, name))
    if known is None:
        raise CommandError(f"the job {name} is gone", remedy="`trainyard jobs` lists the known jobs.")
    return known


def _read(path: Path) -> Job:
    try:
        return Job.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        remedy = "Name a job, or the job.json that `trainyard run` saved in .trainyard/jobs/<job>/."
        raise CommandError(f"{path} does not hold a job: {str(error).splitlines()[0]}", remedy=remedy) from error
