"""Folders on this machine, as they are now."""

import os
from collections.abc import Iterator, Sequence

from services.fetcher.ports import MOST_BYTES, MOST_FILES, Code, not_found, too_large
from trainyard.folders import code_files


class LocalFolders:
    """Reads folders of at most *most* bytes, but nothing from *private* ones, which are Trainyard's own."""

    def __init__(self, most: int = MOST_BYTES, private: Sequence[str] = ()) -> None:
        self._most = most
        self._private = tuple(map(os.path.realpath, private))

    def admit(self, path: str) -> None:
        """Refuse a folder of Trainyard's own."""
        if _within(path, self._private):
            raise not_found(
                f"{path} is Trainyard's own folder, which holds other people's code",
                remedy="Submit the folder or repository of your code.",
            )

    def is_repository(self, path: str) -> bool:
        """Return whether the folder is a bare git repository; a checkout counts as a plain folder."""
        return os.path.isfile(os.path.join(path, "HEAD")) and os.path.isdir(os.path.join(path, "objects"))

    def fetch(self, path: str) -> Code:
        """Return the folder's files, without version control, environments and caches."""
        if not os.path.isdir(path):
            what = "is not a folder" if os.path.exists(path) else "does not exist"
            raise not_found(
                f"{path} {what} on the fetcher's machine",
                remedy="Check the path. The fetcher only sees folders of its own machine (under docker compose, only "
                "/examples); `trainyard submit PATH` uploads any other.",
            )
        files: dict[str, bytes] = {}
        left = self._most
        for name in _names(path, self._private):
            content = _read(path, name, left + 1)
            left -= len(content)
            if left < 0 or len(files) >= MOST_FILES:
                raise too_large(path, self._most)
            files[name] = content
        return Code(files)


def _names(root: str, private: Sequence[str]) -> Iterator[str]:
    """Yield the paths of the code's files but not *private* ones; links count when they stay within *root*."""
    for path in map(str, code_files(root)):
        if _within(path, [root]) and not _within(path, private):
            yield os.path.relpath(path, root)


def _within(path: str, folders: Sequence[str]) -> bool:
    """Return whether *path* is one of *folders* or within one, with links resolved."""
    real, insides = os.path.realpath(path), map(os.path.realpath, folders)
    return any(os.path.commonpath([inside, real]) == inside for inside in insides)


def _read(root: str, name: str, most: int) -> bytes:
    try:
        with open(os.path.join(root, name), "rb") as file:
            return file.read(most)
    except OSError as error:
        raise not_found(
            f"{name} in {root} cannot be read: {error.strerror}", remedy="Make it readable for the fetcher's user."
        ) from error
