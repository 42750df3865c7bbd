"""What the tweaker needs from outside."""

from typing import Protocol


class Bundles(Protocol):
    """Where the code of trials is kept, by its sha256."""

    def get_blob(self, name: str) -> bytes:
        """Return a bundle.

        Raises:
            BlobMissingError: There is none of that name.
        """

    def put_blob(self, data: bytes) -> str:
        """Keep a bundle and return its name."""
