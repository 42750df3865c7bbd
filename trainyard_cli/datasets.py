"""Data sets to add to the engine's volume: which files, and their names there."""

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from trainyard_cli.errors import UsageError


def files_to_add(paths: Iterable[str], library: str) -> dict[str, str]:
    """Return the files to add for *library*, path in the volume to path here.

    A folder is added under its own name; `FOLDER/.` adds its contents alone.

    Raises:
        UsageError: One of *paths* does not exist, or holds no file.
    """
    return {f"{library}/{name}": file for path in paths for name, file in _files(path)}


def grouped(files: Mapping[str, int]) -> list[tuple[str, int, int]]:
    """Return each data set (a file or folder below its library's) with how many files and bytes it has."""
    sizes: dict[str, list[int]] = defaultdict(list)
    for path, size in files.items():
        sizes["/".join(path.split("/")[:2])].append(size)
    return [(name, len(each), sum(each)) for name, each in sorted(sizes.items())]


def volume_of(setting: str) -> str:
    """Return the volume that TRAINYARD_TRAINER_DATASETS names.

    Raises:
        UsageError: It is empty, or a folder, which needs no command.
    """
    if not setting:
        raise UsageError("TRAINYARD_TRAINER_DATASETS is empty", remedy="Set it to a volume's name, or unset it.")
    if is_folder(setting):
        raise UsageError(
            f"TRAINYARD_TRAINER_DATASETS is the folder {setting}",
            remedy=f"Copy files into {os.path.join(setting, 'keras')}, sklearn or torch beside it.",
        )
    return setting


def is_folder(setting: str) -> bool:
    """Return whether a setting is a folder; a volume's name has no slash."""
    return os.sep in setting


def _files(path: str) -> Iterator[tuple[str, str]]:
    source = Path(path)
    if source.is_file():
        yield source.name, path
        return
    files = sorted(file for file in source.rglob("*") if file.is_file())
    if not files:
        problem = "holds no file" if source.exists() else "does not exist"
        raise UsageError(f"{path!r} {problem}", remedy="Name a file, or a folder with files.")
    contents_only = f"{os.sep}{path}".endswith((f"{os.sep}.", f"{os.sep}./"))
    prefix = "" if contents_only else f"{source.resolve().name}/"
    yield from ((prefix + file.relative_to(source).as_posix(), str(file)) for file in files)
