"""Which data a script uses, which models it loads, which folders it writes to, and what its paths are."""

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product

from services.trainer.inspection.files.literals import Literal, literals_in
from services.trainer.inspection.files.paths import PathMap, map_paths
from services.trainer.inspection.files.uses import FileUse, How, uses_in
from services.trainer.inspection.image.dockerfile import Dockerfile
from services.trainer.inspection.plan import Note, listed
from trainyard_analysis.constants import ROOT, Constants
from trainyard_analysis.project import Project
from trainyard_analysis.script import Script

_PICKLES = frozenset({".pkl", ".pickle", ".sav"})
_MODELS = _PICKLES | frozenset(
    {".h5", ".hdf5", ".keras", ".joblib", ".pt", ".pth", ".ckpt", ".model", ".cbm", ".bin", ".weights", ".pb", ".onnx"}
    | {".json"}
)
_DATA_SETS = {
    "keras": re.compile(r"(?:^|\.)keras\.datasets\.(\w+)(?:\.load_data)?$"),
    "sklearn": re.compile(r"^sklearn\.datasets\.(?:\w+\.)?fetch_(\w+)$"),
    "torchvision": re.compile(
        r"^torchvision\.datasets\.(?!ImageFolder$|DatasetFolder$|FakeData$|VisionDataset$)([A-Z]\w+)$"
    ),
}
_LOADERS = {"tensorflow_datasets.load": "tensorflow_datasets", "seaborn.load_dataset": "seaborn"}
"""Calls that are given the name of a data set."""

_ADDRESS = re.compile(r"(https?|ftp|s3|gs)://\S+$")


@dataclass(frozen=True, slots=True)
class Files:
    """What a script uses of files.

    Attributes:
        paths: What the paths that it names are in the bundle.
        folders: Folders that it writes to and that are not there.
        data: Files of the bundle, other than scripts, that it names.
        data_sets: Data sets that a library fetches for it.
        models: Model files of the bundle that it loads.
        addresses: Addresses in the network that it names as data.
    """

    paths: PathMap
    folders: tuple[str, ...]
    data: tuple[str, ...]
    data_sets: tuple[str, ...]
    models: tuple[str, ...]
    addresses: tuple[str, ...]

    def translated(self, environment: Mapping[str, str], workdir: str) -> dict[str, str]:
        """Return variables with the paths of the image's author as those that they are here."""
        targets = {name: self.paths.of(value) for name, value in environment.items()}
        return {
            name: environment[name] if target is None else posixpath.relpath(target, workdir)
            for name, target in targets.items()
        }

    def notes(self) -> Iterator[Note]:
        """Yield a note on each of them."""
        if self.data:
            yield Note("data", f"uses {listed(self.data)} from the repository")
        yield from (Note("data", f"uses {each}, which has to be fetched from the network") for each in self.addresses)
        yield from (Note("data sets", f"uses the data set {each}") for each in self.data_sets)
        yield from self.paths.notes()
        yield from (Note("folders", f"creates the folder {each}, which the script writes to") for each in self.folders)
        yield from (
            Note("models", f"starts from {each}, a model in the repository that the script loads")
            for each in self.models
        )


def find_files(
    project: Project, workdir: str, reached: list[Script], values: Iterable[str], dockerfiles: list[Dockerfile]
) -> Files:
    """Return what the scripts *reached* use of files.

    The *values* of the command line and of variables may be paths as well; the Dockerfiles say where the author had
    the code.
    """
    uses = list(chain.from_iterable(uses_in(script, reached) for script in reached))
    arguments = (Literal(each, reached[0], 1) for each in values)
    literals = [*chain.from_iterable(map(literals_in, reached)), *arguments]
    paths = map_paths(project, workdir, literals, uses, dockerfiles)
    places = _Places(project, workdir, paths, uses)
    named = {*(each.text for each in literals), *(use.path for use in uses if use.text.whole)}
    return Files(
        paths=paths,
        folders=_once(_output_folders(places)),
        data=_once(places.existing(named) - project.scripts.keys()),
        data_sets=_once(chain.from_iterable(map(_data_sets, reached))),
        models=_once(_models_loaded(places)),
        addresses=_once(filter(_is_data_address, frozenset().union(*(script.strings for script in reached)))),
    )


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the paths of a script lie in the bundle."""

    project: Project
    workdir: str
    paths: PathMap
    uses: list[FileUse]

    def here(self, text: str) -> str | None:
        """Return the path relative to the root, or None where it leads out of the bundle."""
        path = self.paths.of(text) or self._as_written(text)
        return None if path is None or path.startswith(("..", "/")) else path

    def _as_written(self, text: str) -> str | None:
        if text.startswith(ROOT):
            return posixpath.normpath(text.removeprefix(ROOT).lstrip("/") or ".")
        is_relative = not text.startswith(("/", "~", "\\")) and text[1:2] != ":"
        return posixpath.normpath(posixpath.join(self.workdir, text)) if is_relative else None

    def existing(self, texts: Iterable[str]) -> set[str]:
        """Return the files that paths name, of those that are there."""
        return {path for path in map(self.here, texts) if path in self.project.files}

    def used(self, *how: How) -> set[str | None]:
        """Return the paths that are used in one of these ways, relative to the root."""
        return {self.here(use.path) for use in self.uses if use.how in how}


def _models_loaded(places: _Places) -> Iterator[str]:
    """Yield the model files of the bundle that a script loads before it has written them itself."""
    own = places.used("write") - places.used("test")
    loaded = places.existing(use.path for use in places.uses if use.text.whole and _loads(use))
    return (path for path in loaded - own if posixpath.splitext(path)[1] in _MODELS)


def _loads(use: FileUse) -> bool:
    return use.how == "load" or (use.how == "read" and posixpath.splitext(use.path)[1] in _PICKLES)


def _output_folders(places: _Places) -> Iterator[str]:
    """Yield the folders that are written to and not there, but for those that the script itself asks about."""
    tested = places.used("test", "make")
    for folder in _written_to(places):
        if folder and not places.project.has_folder(folder) and tested.isdisjoint(_up(folder)):
            yield folder


def _written_to(places: _Places) -> set[str | None]:
    written = (use.path.replace("\\", "/") for use in places.uses if use.how == "write")
    return {places.here(posixpath.dirname(path)) for path in written if _is_in_folder(path)}


def _is_in_folder(path: str) -> bool:
    return "/" in path and "://" not in path and "\0" not in path


def _up(folder: str) -> Iterator[str]:
    """Yield a folder and those that it lies in."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)


def _data_sets(script: Script) -> Iterator[str]:
    """Yield the data sets that a library fetches, as `keras.mnist`."""
    constants = Constants(script)
    for node in script.nodes:
        if isinstance(node, ast.Call) and node.args and script.dotted(node.func) in _LOADERS:
            yield f"{_LOADERS[script.dotted(node.func)]}.{constants.text(node.args[0]).known or '?'}"
        for library, name in product(_DATA_SETS, script.full_names(node)):
            if match := _DATA_SETS[library].search(name):
                yield f"{library}.{match[1]}"


def _is_data_address(text: str) -> bool:
    return bool(_ADDRESS.match(text) and posixpath.splitext(text.partition("?")[0])[1])
