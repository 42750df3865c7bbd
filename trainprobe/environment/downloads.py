"""Replaces a download that fails by the file of that name in the repository or among the data sets."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Iterator, Optional, Sequence
from urllib.error import URLError
from urllib.parse import unquote, urlsplit

from trainprobe.foreign import Foreign
from trainprobe.patching.after_import import Steps
from trainprobe.patching.wrap import Function, around, wrap
from trainprobe.watch import Watch

_NOT_THE_AUTHORS = {".git", "__pycache__", "node_modules", "site-packages"}


def download_steps(folders: Sequence[Path], watch: Watch) -> Steps:
    """Return what to do after the import of Python's module for downloads; files are looked for in *folders*."""
    return {"urllib.request": lambda library: wrap(library, "urlopen", around(_urlopen, folders, watch))}


def _urlopen(
    folders: Sequence[Path], watch: Watch, original: Function, url: Foreign, *args: Foreign, **kwargs: Foreign
) -> Foreign:
    try:
        return original(url, *args, **kwargs)
    except URLError:  # no network, no such host, or a link that is dead by now
        asked = str(getattr(url, "full_url", url))
        kept = _kept_copy(asked, folders)
        if kept is None:
            raise
        watch.events.write("download", asked=asked, used=kept)
    return original(Path(kept).as_uri())


def _kept_copy(url: str, folders: Sequence[Path]) -> Optional[str]:
    """Return the only file named as *url* ends, in the first of *folders* that has any."""
    address = urlsplit(url)
    name = os.path.basename(unquote(address.path))
    if address.scheme not in ("http", "https", "ftp") or not name:
        return None
    for folder in folders:
        found = list(_named(name, folder))
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _named(name: str, folder: Path) -> Iterator[str]:
    for root, below, names in os.walk(str(folder)):
        below[:] = [each for each in below if each not in _NOT_THE_AUTHORS]
        if name in names:
            yield os.path.join(root, name)
