"""Serves what would be downloaded: from the operator's data sets, under any name and hash, or from the repository."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence
from urllib.error import URLError
from urllib.parse import unquote, urlsplit

from trainprobe.foreign import Foreign
from trainprobe.patching.imports import AfterImport, Steps
from trainprobe.patching.wrap import Function, arguments, around, wrap
from trainprobe.watch import Watch

_GET_FILE = (  # where the versions of Keras define it
    "keras.src.utils.file_utils",
    "keras.src.utils.data_utils",
    "keras.utils.data_utils",
    "tf_keras.src.utils.data_utils",
    "tensorflow.python.keras.utils.data_utils",
)
_INNER = "-target"  # Keras 3 wants the folder *around* the one in an archive
_NOT_THE_AUTHORS = {".git", "__pycache__", "node_modules", "site-packages"}


class Datasets:
    """The operator's data sets in *folder*, which are only read, and the run's *own* for what is made of them."""

    def __init__(self, folder: Optional[Path], own: Path, watch: Watch) -> None:
        self._folder = folder
        self._watch = watch
        self._files: Optional[List[str]] = None
        self.own = own

    def find(self, *names: str, below: str) -> Optional[str]:
        """Return the file for Keras with the first of *names* that exists, preferably in a folder named *below*."""
        for name in filter(None, names):
            found = [path for path in self._for_keras() if os.path.basename(path) == name]
            if found:
                used = next((path for path in found if below in path.split(os.sep)), found[0])
                self._watch.events.write("dataset", asked=names[0], used=os.path.relpath(used, str(self._folder)))
                return used
        return None

    def unpacked(self, name: str) -> Optional[str]:
        """Return the folder that Keras gets as its unpacked folder *name*."""
        if self._folder is None or not name:
            return None
        root = self._folder / "keras"
        if name.endswith(_INNER) and (root / name[: -len(_INNER)]).is_dir():
            return str(root)
        return str(root / name) if (root / name).is_dir() else None

    def link(self, library: str, target: Path) -> bool:
        """Link the files for *library* into *target*, and return whether there are any."""
        source = self._folder / library if self._folder is not None else None
        if source is None or not source.is_dir():
            return False
        for path in _files(source):
            link = target / os.path.relpath(path, str(source))
            if not os.path.lexists(str(link)):
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(path)
        return True

    def _for_keras(self) -> List[str]:
        if self._files is None:
            self._files = list(_files(self._folder / "keras")) if self._folder is not None else []
        return self._files


def dataset_steps(datasets: Datasets) -> Dict[str, AfterImport]:
    """Return what to do after the import of each module that downloads."""
    init = around(_init_dataset, datasets)
    return {
        **dict.fromkeys(_GET_FILE, lambda library: wrap(library, "get_file", around(_get_file, datasets, library))),
        "sklearn.datasets._base": partial(_sklearn, datasets),
        "torchvision.datasets.vision": lambda library: wrap(library.VisionDataset, "__init__", init),
    }


def _get_file(datasets: Datasets, library: Foreign, original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
    given = arguments(original, args, kwargs)
    asked = str(given.get("fname") or "")
    if os.sep in asked and os.path.isfile(asked):  # a file of the author, which Keras 3 does not accept
        return os.path.abspath(asked)
    found = _found(datasets, asked, given)
    ready = _ready(datasets, asked, found, given)
    if ready or not found:
        return ready or original(*args, **kwargs)
    if not given.get("cache_dir"):
        given["cache_dir"] = str(datasets.own / "keras")
        os.makedirs(given["cache_dir"], exist_ok=True)
    return _served(library, found, original, given)


def _ready(datasets: Datasets, asked: str, found: Optional[str], given: Dict[str, Foreign]) -> Optional[str]:
    if given.get("cache_dir"):  # the author's own, which is to be filled
        return None
    unpacks = given.get("extract") or given.get("untar")
    return datasets.unpacked(os.path.basename(asked)) if unpacks else found


def _found(datasets: Datasets, asked: str, given: Dict[str, Foreign]) -> Optional[str]:
    name, origin = os.path.basename(asked), urlsplit(str(given.get("origin") or "")).path
    archives = [form.format(name.replace(_INNER, "")) for form in ("{}.tar.gz", "{}_archive")] if name else []
    below = os.path.basename(str(given.get("cache_subdir") or ""))
    return datasets.find(name, os.path.basename(origin), name + "_archive", *archives, below=below)


def _served(library: Foreign, found: str, get_file: Function, given: Dict[str, Foreign]) -> Foreign:
    """Get a file by a download that links the file *found*."""

    def link(_url: str, target: str, *_: Foreign) -> None:
        if os.path.lexists(target):
            os.unlink(target)
        os.symlink(found, target)

    download, library.urlretrieve = library.urlretrieve, link
    try:
        return get_file(**{**given, "file_hash": None, "md5_hash": None})
    finally:
        library.urlretrieve = download


def _sklearn(datasets: Datasets, _library: Foreign) -> None:
    # It reads the variable when it fetches; the folder must be writable.
    if "SCIKIT_LEARN_DATA" not in os.environ and datasets.link("sklearn", datasets.own / "sklearn"):
        os.environ["SCIKIT_LEARN_DATA"] = str(datasets.own / "sklearn")


def _init_dataset(
    datasets: Datasets, original: Function, self: Foreign, root: Foreign = None, *args: Foreign, **kwargs: Foreign
) -> None:
    if isinstance(root, (str, os.PathLike)):
        datasets.link("torch", Path(os.path.expanduser(str(root))))
    original(self, root, *args, **kwargs)


def _files(folder: Path) -> Iterator[str]:
    for root, folders, names in os.walk(str(folder)):
        folders.sort()
        yield from (os.path.join(root, name) for name in sorted(names))


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
