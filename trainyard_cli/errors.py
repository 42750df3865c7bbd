"""What the command says when it cannot do what it was asked, and the status it ends with.

CommandError          status 1: something outside is missing or refused
├── UsageError        status 2: the command line asks for something that is not there
└── LocalFailureError status 1: the embedded services gave up; names the log
"""

from __future__ import annotations

import re

USAGE = 2
INTERRUPTED = 130


class CommandError(Exception):
    """Something the command needs is not there.

    Args:
        message: The thing and the reason, as one sentence without its full stop.
        remedy: What to do about it, as one or two sentences.
    """

    status = 1

    def __init__(self, message: str, *, remedy: str) -> None:
        super().__init__(f"{message.rstrip('.')}. {remedy}")
        self.message = message
        self.remedy = remedy


def reason(error: Exception) -> str:
    """Say an error of a library in words, without the number that the system gave it."""
    return re.sub(r"\[Errno -?\d+\] ", "", str(error)) or type(error).__name__


class UsageError(CommandError):
    """The command line names something that is not there."""

    status = USAGE


class LocalFailureError(CommandError):
    """The services that run in this process could not go on."""
