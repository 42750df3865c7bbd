"""Settings of the fetcher, from the environment."""

from typing import Annotated

from pydantic import Field

from services.fetcher.ports import PAUSES, Repository
from trainyard.settings import Settings


class FetcherSettings(Settings):
    """Settings of the fetcher.

    Attributes:
        fetcher_repositories: What to poll, as a JSON list such as `[{"url": "https://host/user/repo.git"}]`.
        fetcher_poll_seconds: Seconds between two polls.
        fetcher_mirrors: The folder in which it keeps its copies of repositories.
        fetcher_git_seconds: How long one git command may take.
        fetcher_retry_seconds: The pauses between the attempts to reach a server, as a JSON list.
        fetcher_most_mib: The most MiB of all files of a job.
    """

    fetcher_repositories: tuple[Repository, ...] = ()
    fetcher_poll_seconds: Annotated[float, Field(gt=0)] = 60.0
    fetcher_mirrors: str = ".trainyard/mirrors"
    fetcher_git_seconds: Annotated[float, Field(gt=0)] = 300.0
    fetcher_retry_seconds: tuple[Annotated[float, Field(ge=0)], ...] = PAUSES
    fetcher_most_mib: Annotated[int, Field(ge=1)] = 256
