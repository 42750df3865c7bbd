"""Opens files as scripts expect: a folder to write to is there, and a path leads to the file that is meant."""

from __future__ import annotations

import builtins
import functools
import io
import os
import re
import sys
from pathlib import Path
from typing import Callable, Dict, Iterable, Optional, Set

from trainprobe.foreign import Foreign
from trainprobe.patching.imports import AfterImport
from trainprobe.patching.wrap import Function, around, wrap
from trainprobe.watch import Watch

_WRITES = re.compile("[wax]")
_DRIVE = re.compile("[A-Za-z]:")
# Where libraries look for their settings.
_NEVER_AUTHORS = ("/proc/", "/sys/", "/etc/", "/dev/", "/usr/", "/lib", "/tmp/", sys.prefix + "/")  # noqa: S108


class FileAccess:
    """Prepares the opening of files in the author's code, which is the folder *code*."""

    def __init__(self, code: Path, watch: Watch) -> None:
        self._code = os.path.realpath(str(code))
        self._watch = watch

    def make_parent(self, path: Foreign) -> None:
        """Make the folder that a file is about to be written to, if that is within the code."""
        if not isinstance(path, (str, os.PathLike)):
            return
        with self._watch.guard("making a folder"):
            folder = os.path.dirname(os.path.abspath(os.fspath(path)))
            if not os.path.isdir(folder) and self._is_within(folder):
                os.makedirs(folder, exist_ok=True)
                self._watch.events.write("folder_made", path=os.path.relpath(folder, self._code))

    def making_parent(self, index: int, keyword: str) -> Callable[[Function], Function]:
        """Return what `wrap` makes a function with that writes the file in its argument *index*, or *keyword*."""
        return around(self._with_parent, index, keyword)

    def _with_parent(self, index: int, keyword: str, original: Function, *args: Foreign, **kwargs: Foreign) -> Foreign:
        self.make_parent(args[index] if len(args) > index else kwargs.get(keyword))
        return original(*args, **kwargs)

    def resolve(self, path: Foreign) -> Optional[str]:
        """Return the one existing file of the code that a path can mean which leads to no file, or None.

        It leads there from the script's folder or from the root; or it differs in the case of letters only; or it is
        absolute, as on another machine or by `os.getcwd`, and ends as the file's does.
        """
        with self._watch.guard("looking for a file"):
            text = os.fspath(path).replace("\\", "/")
            wanted = "/" + text if _DRIVE.match(text) else os.path.abspath(text)
            found = None if text.startswith("/") else self._relative_to_others(text)
            if found is None and self._is_within(wanted):
                found = _in_any_case(wanted, self._code)
                end = os.path.relpath(os.path.realpath(wanted), self._code) if text.startswith("/") else ""
                found = found or self._by_its_end(end)
            elif found is None and not wanted.startswith((*_NEVER_AUTHORS, os.path.expanduser("~") + "/")):
                found = self._by_its_end(wanted)
            if found is not None:
                self._watch.events.write("path", written=os.fspath(path), used=os.path.relpath(found, self._code))
            return found
        return None

    def _relative_to_others(self, path: str) -> Optional[str]:
        """Return the file that a relative path leads to from the script's folder or from the root."""
        places = (os.path.join(folder, path) for folder in (self._scripts_folder(), self._code))
        return next((place for place in places if os.path.isfile(place) and self._is_within(place)), None)

    def _by_its_end(self, wanted: str) -> Optional[str]:
        """Return the file below the root, here or beside the script whose path is the longest end of *wanted*."""
        parts = [part for part in wanted.split("/") if part]
        roots = (self._code, os.getcwd(), self._scripts_folder())
        places = (os.path.join(root, *parts[start:]) for start in range(len(parts)) for root in roots)
        return next((place for place in places if os.path.isfile(place)), None)

    def _scripts_folder(self) -> str:
        return os.path.dirname(getattr(sys.modules["__main__"], "__file__", None) or self._code + "/")

    def _is_within(self, path: str) -> bool:
        return (os.path.realpath(path) + os.sep).startswith(self._code + os.sep)


class _Open:
    """The function ``open``; an object, so that it is as little a method in a class as the built-in one is."""

    def __init__(self, original: Function, files: FileAccess) -> None:
        functools.update_wrapper(self, original)
        self._original = original
        self._files = files

    def __call__(self, file: Foreign, mode: Foreign = "r", *args: Foreign, **kwargs: Foreign) -> Foreign:
        is_path = isinstance(file, (str, os.PathLike)) and isinstance(mode, str)
        if is_path and _WRITES.search(mode):
            self._files.make_parent(file)
        try:
            return self._original(file, mode, *args, **kwargs)
        except (FileNotFoundError, NotADirectoryError, PermissionError):  # /root is closed to a training
            found = self._files.resolve(file) if is_path and not _WRITES.search(mode) else None
            if found is None:
                raise
        return self._original(found, mode, *args, **kwargs)

    def __repr__(self) -> str:
        return repr(self._original)


def replace_open(files: FileAccess) -> None:
    """Replace ``open`` by one that asks *files* first."""
    builtins.open = io.open = _Open(builtins.open, files)


def file_access_steps(files: FileAccess) -> Dict[str, AfterImport]:
    """Return what to do after the import of libraries that write files by themselves."""
    check, save = files.making_parent(0, "path"), files.making_parent(1, "f")
    return {
        "h5py._hl.files": lambda library: wrap(library.File, "__init__", around(_h5py_file, files)),
        "pandas.io.common": lambda library: wrap(library, "check_parent_directory", check),
        "torch.serialization": lambda library: wrap(library, "save", save),
    }


def _h5py_file(
    files: FileAccess, original: Function, self: Foreign, name: Foreign, *args: Foreign, **kwargs: Foreign
) -> None:
    if _WRITES.match(str(args[0] if args else kwargs.get("mode"))):
        files.make_parent(name)
    original(self, name, *args, **kwargs)


def _in_any_case(wanted: str, code: str) -> Optional[str]:
    """Return the only path below *code* that equals *wanted* except for the case of letters."""
    found = [code]
    path = os.path.join(os.path.realpath(os.path.dirname(wanted)), os.path.basename(wanted))
    for name in os.path.relpath(path, code).split(os.sep):
        found = [os.path.join(folder, each) for folder in found for each in _listed(folder, name)]
    return found[0] if len(found) == 1 and os.path.isfile(found[0]) else None


def _listed(folder: str, name: str) -> "list[str]":
    try:
        return [each for each in os.listdir(folder) if each.lower() == name.lower()]
    except OSError:
        return []


def make_folders(folders: Iterable[str], code: Path) -> None:
    """Make *folders*, relative to *code*; a script may still make each of them itself without an error."""
    made: Set[str] = set()
    for folder in folders:
        path = str(code / folder)
        while not os.path.isdir(path):
            made.add(os.path.realpath(path))
            path = os.path.dirname(path)
        os.makedirs(str(code / folder), exist_ok=True)
    if made:
        os.mkdir = functools.partial(_mkdir, os.mkdir, made)


def _mkdir(original: Function, made: Set[str], path: Foreign, mode: int = 0o777, *, dir_fd: Foreign = None) -> None:
    try:
        original(path, mode, dir_fd=dir_fd)
    except FileExistsError:
        ours = os.path.realpath(os.fspath(path))
        if ours not in made:
            raise
        made.discard(ours)
