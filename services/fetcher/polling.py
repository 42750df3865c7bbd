"""The source of new commits: repositories that are asked now and then, so that no public address is needed."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator, Sequence

import structlog

from services.fetcher.domain import plain, shown
from services.fetcher.ports import Repositories, Repository
from trainyard.errors import SubmissionError, TransientError
from trainyard.messages import NAMESPACE, CodeSubmitted, Message

log = structlog.get_logger()


def new_commits(
    stop: threading.Event, *, watched: Sequence[Repository], repositories: Repositories, every: float
) -> Iterator[Message]:
    """Ask each repository for its newest commit, again and again until *stop* is set; yield those that are new.

    A commit is noted as seen only after its message was confirmed: one that was on its way at a crash is found again,
    and is the same job then.
    """
    while not stop.is_set():
        for repository in watched:
            try:
                yield from _news(repository, repositories)
            except (SubmissionError, TransientError) as error:
                log.warning("a repository could not be polled", url=shown(repository.url), error=str(error))
        stop.wait(every)


def _news(repository: Repository, repositories: Repositories) -> Iterator[Message]:
    """Yield the newest commit unless it was seen before."""
    commit = repositories.head(repository.url, repository.ref)
    if commit != repositories.seen(repository.url, repository.ref):
        log.info("a new commit", url=shown(repository.url), ref=repository.ref, commit=commit)
        submission = str(uuid.uuid5(NAMESPACE, f"{plain(repository.url)}\n{commit}"))
        yield CodeSubmitted(code=repository.url, revision=commit, submission=submission, once=True)
        repositories.note_seen(repository.url, repository.ref, commit)
