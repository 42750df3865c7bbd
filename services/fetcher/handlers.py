"""What the fetcher does with each submission."""

import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import structlog

from services.fetcher.domain import BUNDLE, folder_of, is_git, job_id, redacted, title_of
from services.fetcher.ports import Code, Folders, Repositories, UnreachableError, not_found
from trainyard import marks
from trainyard.bundle import pack, unpack
from trainyard.errors import BlobMissingError, SubmissionError, TransientError
from trainyard.messages import CodeReady, CodeSubmitted, Message, TrainingFailed
from trainyard.policy import FILE, Policy, read_policy
from trainyard.storage import Storage
from trainyard.trial import Origin, Trial

log = structlog.get_logger()

MOST_SECONDS = 15.0
"""How long a server that does not answer may hold up the submissions behind it; no attempt is cut off."""

UNKNOWN = "unknown"
"""Stands for a commit that could not be determined."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the handler works with; `pauses` are the seconds between attempts to reach a server."""

    storage: Storage
    repositories: Repositories
    folders: Folders
    pauses: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """Code that can be trained; the commit distinguishes it from other code of the same source."""

    commit: str
    bundle: str
    policy: Policy


@dataclass(frozen=True, slots=True)
class Refused:
    """Code that cannot be trained, and what is known of it."""

    commit: str
    bundle: str | None
    error: SubmissionError


def on_code_submitted(event: CodeSubmitted, *, tools: Tools) -> Iterator[Message]:
    """Bundle the code and request its training, or publish why it cannot be trained.

    The same submission is the same job, however often it comes; one that comes while its code is in training joins
    that job; one that comes after its end starts a new one, unless its origin reports each commit once.
    """
    fetched = _bundle(event, tools)
    job = _claim(event, fetched.commit, tools.storage)
    if job is None:
        log.info("this commit already had its job", code=redacted(event.code), commit=fetched.commit)
        return
    origin = Origin(
        code=redacted(event.code),
        revision=event.revision,
        commit=fetched.commit,
        title=title_of(event),
        submission=event.submission,
    )
    log.info("fetched", job=job, code=origin.code, commit=fetched.commit, bundle=fetched.bundle)
    if isinstance(fetched, Refused):
        yield _failed(job, origin, fetched)
    else:
        yield CodeReady(job=job, bundle=fetched.bundle, seed=fetched.policy.seed, policy=fetched.policy, origin=origin)


def _bundle(event: CodeSubmitted, tools: Tools) -> Accepted | Refused:
    commit, bundle = UNKNOWN, None
    try:
        code = _fetch_patiently(event, tools)
        commit = code.commit or UNKNOWN
        _refuse_empty(code, event)
        bundle = tools.storage.put_blob(pack(code.files))
        commit = code.commit or bundle
        return Accepted(commit, bundle, read_policy(_settings_of(code), event.overrides))
    except SubmissionError as error:
        log.info("the code cannot be trained", code=redacted(event.code), reason=error.reason, error=error.message)
        return Refused(commit, bundle, error)


def _fetch_patiently(event: CodeSubmitted, tools: Tools) -> Code:
    """Fetch, with a few more attempts where the network is at fault.

    A person soon learns of a host that does not exist; a polled commit, which is reported only once, can wait.
    """
    until, pauses = time.monotonic() + MOST_SECONDS, iter(tools.pauses)
    while True:
        try:
            return _fetch(event, tools)
        except UnreachableError as error:
            if event.once:
                raise TransientError(error.message) from error
            pause = next(pauses, None)
            if pause is None or time.monotonic() + pause > until:
                raise
            log.info("trying to fetch again", code=redacted(event.code), error=error.message, seconds=pause)
            time.sleep(pause)


def _fetch(event: CodeSubmitted, tools: Tools) -> Code:
    if event.code.startswith(BUNDLE):
        return _uploaded(event.code.removeprefix(BUNDLE), tools.storage)
    if folder := folder_of(event.code):
        return _local(folder, event.revision, tools)
    if is_git(event.code):
        return tools.repositories.fetch(event.code, event.revision)
    raise not_found(
        f"{redacted(event.code)!r} is neither a git URL nor a folder nor an uploaded archive",
        remedy="Submit https://host/user/repo.git, file:///folder, or the answer of POST /archives.",
    )


def _local(folder: str, revision: str | None, tools: Tools) -> Code:
    tools.folders.admit(folder)
    if revision or tools.folders.is_repository(folder):
        return tools.repositories.fetch(folder, revision)
    return tools.folders.fetch(folder)


def _uploaded(name: str, storage: Storage) -> Code:
    try:
        return Code(unpack(storage.get_blob(name)), commit=name)
    except BlobMissingError as error:
        raise not_found(
            f"no archive was uploaded as {BUNDLE}{name}",
            remedy="Upload it with `trainyard submit PATH`, or by POST /archives.",
        ) from error


def _refuse_empty(code: Code, event: CodeSubmitted) -> None:
    if not code.files:
        raise SubmissionError(
            f"{redacted(event.code)} is empty, so there is no Python script to train",
            remedy="Add the script that trains the model, such as train.py, and commit it.",
            reason="empty",
        )


def _settings_of(code: Code) -> str | None:
    if FILE not in code.files:
        return None
    try:
        return code.files[FILE].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SubmissionError(
            f"{FILE} is not valid TOML: it is not UTF-8 text ({error.reason} at byte {error.start})",
            remedy=f"Save {FILE} as UTF-8.",
            reason="config",
            file=FILE,
        ) from error


def _claim(event: CodeSubmitted, commit: str, storage: Storage) -> str | None:
    """Return the job of this submission, or None when there was one that must not be repeated.

    The mark is set before anything is published, so that a redelivery finds its own job again.
    """
    mine = event.submission.encode()
    for repeat in itertools.count(1):
        job = job_id(title=title_of(event), code=event.code, revision=event.revision, commit=commit, repeat=repeat)
        ended = storage.marked(marks.ended(job))
        if ended and event.once:
            return None
        if not ended or _holder(job, storage) == mine:
            storage.mark(marks.submission(job), mine)
            return job
    return None


def _holder(job: str, storage: Storage) -> bytes | None:
    try:
        return storage.read_mark(marks.submission(job))
    except BlobMissingError:
        return None


def _failed(job: str, origin: Origin, refused: Refused) -> TrainingFailed:
    result = Trial(trial=1, bundle=refused.bundle, failure=refused.error.as_failure())
    return TrainingFailed(job=job, run=0, origin=origin, result=result)
