"""Every error that Trainyard raises itself.

    TrainyardError
    ├── TransientError            worth another try later
    │   ├── BusClosedError        the bus was closed while in use
    │   ├── BusUnavailableError   the broker could not be reached
    │   ├── UnroutableError       no queue took a published message
    │   ├── EngineUnavailableError  the container engine did not answer, be it absent or busy
    │   └── StorageUnavailableError the storage did not answer
    ├── PermanentError            another try cannot help
    │   ├── InvalidMessageError   an unknown message type, or an invalid body
    │   ├── TopologyError         a queue that this version needs is missing
    │   ├── BlobMissingError      a message names a blob that is not in storage
    │   └── ImageBuildError       a training image did not build
    └── SubmissionError           the author can fix it: names the thing, the reason and the remedy

A class's docstring is its default message.
"""

from trainyard.trial import Failure, FailureReason


class TrainyardError(Exception):
    """Something in Trainyard went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (self.__doc__ or "").strip())


class TransientError(TrainyardError):
    """Something outside Trainyard did not answer; another try may succeed."""


class BusClosedError(TransientError):
    """The bus was closed while it was in use."""


class BusUnavailableError(TransientError):
    """The broker could not be reached."""


class UnroutableError(TransientError):
    """No queue is bound for a published message; run `trainyard topology apply`."""


class EngineUnavailableError(TransientError):
    """The container engine did not answer; run `trainyard doctor`."""


class StorageUnavailableError(TransientError):
    """The storage did not answer."""


class PermanentError(TrainyardError):
    """Another try cannot help."""


class InvalidMessageError(PermanentError):
    """A message is invalid."""


class TopologyError(PermanentError):
    """The broker lacks a queue that this version needs; run `trainyard topology apply`."""


class BlobMissingError(PermanentError):
    """A blob that a message names is not in storage."""


class ImageBuildError(PermanentError):
    """A training image did not build."""


class SubmissionError(TrainyardError):
    """Something in the submission has to be changed by its author.

    Args:
        message: What is wrong, naming the thing and the reason.
        remedy: What the author can do about it.
        reason: Which kind of failure it is.
        file: The file it is about, relative to the bundle's root.
        line: The line in it, counted from 1.
    """

    def __init__(
        self, message: str, *, remedy: str, reason: FailureReason, file: str | None = None, line: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.reason = reason
        self.file = file
        self.line = line

    def as_failure(self) -> Failure:
        """Return it as it travels on the bus."""
        return Failure(reason=self.reason, message=self.message, remedy=self.remedy, file=self.file, line=self.line)
