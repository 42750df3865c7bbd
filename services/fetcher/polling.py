"""The source of new commits: repositories that are polled, so that no public address is needed."""

import threading
import uuid
from collections.abc import Iterator, Sequence

import structlog

from services.fetcher.domain import normalized, redacted
from services.fetcher.ports import Repositories, Repository
from trainyard.errors import SubmissionError, TransientError
from trainyard.messages import NAMESPACE, CodeSubmitted, Message

log = structlog.get_logger()


def new_commits(
    stop: threading.Event, *, watched: Sequence[Repository], repositories: Repositories, every: float
) -> Iterator[Message]:
    """Poll each repository for its newest commit until *stop* is set; yield those that are new.

    A commit is recorded as seen only after its message was confirmed: after a crash it is found again, and leads to the
    same job.
    """
    while not stop.is_set():
        for repository in watched:
            try:
                yield from _news(repository, repositories)
            except (SubmissionError, TransientError) as error:
                log.warning("a repository could not be polled", url=redacted(repository.url), error=str(error))
        stop.wait(every)


def _news(repository: Repository, repositories: Repositories) -> Iterator[Message]:
    commit = repositories.head(repository.url, repository.ref)
    if commit != repositories.seen(repository.url, repository.ref):
        log.info("a new commit", url=redacted(repository.url), ref=repository.ref, commit=commit)
        submission = str(uuid.uuid5(NAMESPACE, f"{normalized(repository.url)}\n{commit}"))
        yield CodeSubmitted(code=repository.url, revision=commit, submission=submission, once=True)
        repositories.note_seen(repository.url, repository.ref, commit)
