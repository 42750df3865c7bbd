"""The only place where the fetcher's real adapters are made."""

from collections.abc import Sequence
from functools import partial

from services.fetcher import archives, handlers, polling
from services.fetcher.adapters.folders import LocalFolders
from services.fetcher.adapters.git import GitRepositories
from services.fetcher.ports import MEBIBYTE, MOST_BYTES, PAUSES, Repository
from services.fetcher.settings import FetcherSettings
from trainyard.messages import CodeSubmitted
from trainyard.service import Service
from trainyard.storage import Storage


def build(settings: FetcherSettings) -> Service:
    """Return the service as configured."""
    return assemble(
        storage=Storage(settings.storage),
        mirrors=settings.fetcher_mirrors,
        watched=settings.fetcher_repositories,
        every=settings.fetcher_poll_seconds,
        git_seconds=settings.fetcher_git_seconds,
        pauses=settings.fetcher_retry_seconds,
        most=settings.fetcher_most_mib * MEBIBYTE,
    )


def assemble(
    *,
    storage: Storage,
    mirrors: str,
    watched: Sequence[Repository] = (),
    every: float = 60.0,
    git_seconds: float = 300.0,
    pauses: Sequence[float] = PAUSES,
    most: int = MOST_BYTES,
) -> Service:
    """Return the service; the arguments mean what `FetcherSettings` says."""
    repositories = GitRepositories(mirrors, timeout=git_seconds, most=most)
    folders = LocalFolders(most, private=[mirrors, *([storage.folder] if storage.folder else [])])
    tools = handlers.Tools(storage=storage, repositories=repositories, folders=folders, pauses=pauses)
    polled = partial(polling.new_commits, watched=watched, repositories=repositories, every=every)
    return Service(
        "fetcher",
        handlers={CodeSubmitted: partial(handlers.on_code_submitted, tools=tools)},
        sources=[polled] if watched else [],
        pages={"/archives": archives.archives_page(storage, most=most)},
    )
