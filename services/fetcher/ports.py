"""What the fetcher needs of the outside world."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Protocol

from pydantic import BaseModel, ConfigDict, Field

from trainyard.errors import SubmissionError

MEBIBYTE = 1024 * 1024
MOST_BYTES = 256 * MEBIBYTE
MOST_FILES = 20_000
PAUSES = (1.0, 3.0)
"""Seconds between the attempts to reach a server that does not answer."""


class UnreachableError(SubmissionError):
    """The source did not answer; it may later."""


class Repository(BaseModel):
    """A repository to poll; its default branch when no *ref* is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Annotated[str, Field(min_length=1)]
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """What a source holds at one moment: content by relative path, and the commit where it has one."""

    files: Mapping[str, bytes]
    commit: str | None = None


class Repositories(Protocol):
    """Git repositories, by URL.

    Each method raises SubmissionError when there is no such repository or revision, UnreachableError when its
    server did not answer.
    """

    def fetch(self, url: str, revision: str | None) -> Code:
        """Return exactly the files of a branch, tag or commit; of the default branch when *revision* is None."""

    def head(self, url: str, ref: str | None) -> str:
        """Return the commit at the tip of *ref* (the default branch when None)."""

    def seen(self, url: str, ref: str | None) -> str | None:
        """Return the commit of *ref* that was last recorded as seen."""

    def note_seen(self, url: str, ref: str | None, commit: str) -> None:
        """Record the commit as seen, permanently."""


class Folders(Protocol):
    """Folders that the fetcher can see."""

    def admit(self, path: str) -> None:
        """Check that a folder may be submitted.

        Raises:
            SubmissionError: It is Trainyard's own, which holds other people's code.
        """

    def is_repository(self, path: str) -> bool:
        """Return whether the folder is a bare git repository."""

    def fetch(self, path: str) -> Code:
        """Return the folder's files as they are now.

        Raises:
            SubmissionError: There is no such folder, or it cannot be read.
        """


def not_found(message: str, remedy: str) -> SubmissionError:
    """Return the error that what was submitted does not exist."""
    return SubmissionError(message, remedy=remedy, reason="not_found")


def unreachable(message: str, remedy: str) -> UnreachableError:
    """Return the error that what was submitted cannot be reached now, whoever is at fault."""
    return UnreachableError(message, remedy=remedy, reason="not_found")


def too_large(what: str, most: int) -> SubmissionError:
    """Return the error that the code is too large."""
    return SubmissionError(
        f"{what} is larger than {most / MEBIBYTE:g} MiB and was not fetched",
        remedy="Keep data and models out of the code, or ask the operator to raise TRAINYARD_FETCHER_MOST_MIB.",
        reason="too_large",
    )
