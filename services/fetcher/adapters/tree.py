"""The files of one commit, byte for byte: attributes, filters and line endings of a checkout do not apply."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.fetcher.adapters.command import GitCommand
from services.fetcher.ports import MOST_FILES, too_large

LINK = "120000"
FILES = ("100644", "100755", "100664", LINK)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a commit."""

    mode: str
    blob: str
    size: int
    path: str


def read_tree(git: GitCommand, mirror: str, commit: str, *, what: str, most: int) -> dict[str, bytes]:
    """Return the files of *commit*, path to content; links within it are followed, submodules are omitted.

    Raises:
        SubmissionError: They are larger than *most* bytes.
    """
    entries = list(_entries(git.run("ls-tree", "-r", "-z", "-l", "--full-tree", commit, folder=mirror)))
    if sum(entry.size for entry in entries) > most or len(entries) > MOST_FILES:
        raise too_large(what, most)
    blobs = _blobs(git, mirror, sorted({entry.blob for entry in entries}))
    plain = {entry.path: blobs[entry.blob] for entry in entries if entry.mode != LINK}
    return {**plain, **dict(_followed(entries, blobs, plain))}


def _entries(listing: bytes) -> Iterator[Entry]:
    """Read what `git ls-tree -r -z -l` prints."""
    for line in listing.split(b"\0"):
        head, _, path = line.partition(b"\t")
        mode, *rest = head.decode().split()[:4] or [""]
        if mode in FILES:
            yield Entry(mode, rest[1], int(rest[2]), path.decode("utf-8", "surrogateescape"))


def _blobs(git: GitCommand, mirror: str, names: list[str]) -> dict[str, bytes]:
    output = git.run("cat-file", "--batch", folder=mirror, stdin="".join(f"{name}\n" for name in names).encode())
    blobs: dict[str, bytes] = {}
    at = 0
    for name in names:
        head_end = output.index(b"\n", at)
        size = int(output[at:head_end].split()[2])
        blobs[name] = output[head_end + 1 : head_end + 1 + size]
        at = head_end + size + 2
    return blobs


def _followed(
    entries: Iterable[Entry], blobs: Mapping[str, bytes], plain: Mapping[str, bytes]
) -> Iterator[tuple[str, bytes]]:
    """Yield the content of links that lead to a file of the same commit."""
    for link in (entry for entry in entries if entry.mode == LINK):
        target = posixpath.join(posixpath.dirname(link.path), blobs[link.blob].decode("utf-8", "replace"))
        found = plain.get(posixpath.normpath(target))
        if found is not None:
            yield link.path, found
