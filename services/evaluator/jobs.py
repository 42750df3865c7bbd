"""Jobs as JSON values, for the pages."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from services.evaluator import domain
from services.evaluator.domain import Job
from services.evaluator.ports import Ledger
from trainyard.lines import last_lines, shown, unseen
from trainyard.trial import find_trial

GLANCE = 5
"""How many lines of its output are shown with a job."""

LISTED = 100
"""How many jobs are listed, the latest first."""


def list_jobs(ledger: Ledger, *, now: Callable[[], float] = time.time) -> list[dict[str, Any]]:
    """Return the latest jobs, each as in `GET /jobs`."""
    return [_row(job, now()) for job in ledger.recent(LISTED)]


def show(
    ledger: Ledger, job: str, *, public_url: str = "", now: Callable[[], float] = time.time
) -> dict[str, Any] | None:
    """Return all about one job as in `GET /jobs/<job>`, or None when there is none of that name."""
    known = ledger.find(job)
    if known is None:
        return None
    return {
        **_row(known, now()),
        "progress": {**_progress(known), "log": last_lines(shown(known.progress.log), GLANCE)},
        "why": known.ending.why if known.ending else None,
        "evidence": known.ending.evidence.model_dump(mode="json") if known.ending and known.ending.evidence else None,
        "origin": known.origin.model_dump(mode="json"),
        "policy": known.policy.model_dump(mode="json"),
        "history": [trial.model_dump(mode="json", exclude={"sealed"}) for trial in known.trials],
        "files": list(_files(known, public_url)),
    }


def log(ledger: Ledger, job: str) -> dict[str, Any] | None:
    """Return what the newest run of a job printed, as in `GET /jobs/<job>/log`, or None when there is no such job."""
    known = ledger.find(job)
    if known is None:
        return None
    progress = known.progress
    printed, rest = shown(progress.log), _unreported(known)
    if rest and printed and not printed.endswith("\n"):
        printed += "\n"
    return {
        "trial": progress.trial,
        "run": progress.run,
        "lines": progress.lines + rest.count("\n"),
        "log": printed + rest,
    }


def _unreported(job: Job) -> str:
    """Return what a failed run printed after its last report."""
    trial = find_trial(job.trials, job.progress.trial)
    tail = trial.failure.log_tail if trial and trial.failure else ""
    rest = unseen(shown(job.progress.log), tail).strip("\n") if tail else ""
    return f"{rest}\n" if rest else ""


def _row(job: Job, now: float) -> dict[str, Any]:
    chosen = domain.delivered(job)
    return {
        "job": job.job,
        "title": job.origin.title or job.origin.code,
        "state": domain.state(job, now),
        "outcome": job.ending.outcome if job.ending else None,
        "assurance": job.ending.assurance if job.ending else None,
        "trials": len(job.trials),
        "best": chosen.measurement.value if chosen and chosen.measurement else None,
        "best_data": chosen.measurement.data if chosen and chosen.measurement else None,
        "best_trial": chosen.trial if chosen else None,
        "threshold": job.policy.threshold,
        "started": job.started,
        "updated": job.updated,
        "progress": _progress(job),
    }


def _progress(job: Job) -> dict[str, Any]:
    """Return the progress of a job, without what its run printed."""
    return job.progress.model_dump(mode="json", exclude={"log", "log_follows", "lines", "log_at"})


def _files(job: Job, public_url: str) -> list[dict[str, Any]]:
    """List the files of the trials, each with where it is kept and where it can be downloaded."""
    return [
        {
            "trial": trial.trial,
            **artifact.model_dump(include={"name", "kind", "bytes", "location"}),
            "url": f"{public_url.rstrip('/')}/jobs/{job.job}/files/t{trial.trial}/{quote(artifact.name)}",
        }
        for trial in job.trials
        for artifact in trial.delivered
    ]
