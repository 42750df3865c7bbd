"""The command's errors and the status it ends with.

CommandError          status 1: something outside is missing or refused
├── UsageError        status 2: the command line names something that does not exist
└── LocalFailureError status 1: an embedded service failed; names the log
"""

import re

USAGE = 2
INTERRUPTED = 130


class CommandError(Exception):
    """Something that the command needs is missing.

    Args:
        message: What is wrong and why, as one sentence without its full stop.
        remedy: What to do about it, as one or two sentences.
    """

    status = 1

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(f"{message.rstrip('.')}. {remedy}")
        self.message = message
        self.remedy = remedy


def reason(error: Exception) -> str:
    """Return a library's error as text, without the system's error number."""
    return re.sub(r"\[Errno -?\d+\] ", "", str(error)) or type(error).__name__


class UsageError(CommandError):
    """The command line names something that does not exist."""

    status = USAGE


class LocalFailureError(CommandError):
    """A service that runs in this process failed."""
