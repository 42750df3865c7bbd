"""Which data a script uses, which models it loads, which folders it writes to, and what its paths are."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.trainer.inspection.files.literals import Literal, literals_in
from services.trainer.inspection.files.paths import PathMap, map_paths
from services.trainer.inspection.files.uses import FileUse, How, uses_in
from services.trainer.inspection.image.dockerfile import Dockerfile
from services.trainer.inspection.plan import Note, listed
from trainyard_analysis.constants import ROOT, Constants
from trainyard_analysis.project import Project
from trainyard_analysis.script import SUFFIXES, Script

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
        for each in self.addresses:
            yield Note("data", f"uses {each}, which has to be fetched from the network")
        for each in self.data_sets:
            yield Note("data sets", f"uses the data set {each}")
        for written, target in self.paths.mapped.items():
            yield Note("paths", f"maps {written} to {'the root of the repository' if target == '.' else target}")
        for missing in self.paths.missing:
            place = missing.script.place(missing.line)
            yield Note("paths", f"finds no {missing.text} ({place}): the repository has nothing of that name")
        for each in self.folders:
            yield Note("folders", f"creates the folder {each}, which the script writes to")
        for each in self.models:
            yield Note("models", f"starts from {each}, a model in the repository that the script loads")


def find_files(
    project: Project, workdir: str, reached: list[Script], values: Iterable[str], dockerfiles: list[Dockerfile]
) -> Files:
    """Find out what the scripts *reached* use of files.

    Args:
        project: The bundle.
        workdir: Where the script is started.
        reached: The script to run and what it imports.
        values: Its command line and the values of its variables.
        dockerfiles: Dockerfiles of the bundle, which say where its author had the code.
    """
    uses = [use for script in reached for use in uses_in(script, reached)]
    literals = [each for script in reached for each in literals_in(script)]
    literals += [Literal(each, reached[0], 1) for each in values]
    paths = map_paths(project, workdir, literals, uses, dockerfiles)
    places = _Places(project, workdir, paths, uses)
    texts = [each.text for each in literals] + [use.path for use in uses if use.text.whole]
    return Files(
        paths=paths,
        folders=_once(_output_folders(places)),
        data=_once(path for path in map(places.existing, texts) if path and not path.endswith(SUFFIXES)),
        data_sets=_once(_data_sets(reached)),
        models=_once(_models_loaded(places)),
        addresses=_once(_addresses(reached)),
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
        path = self.paths.of(text)
        if path is None and text.startswith(ROOT):
            path = posixpath.normpath(text.removeprefix(ROOT).lstrip("/") or ".")
        if path is None and not text.startswith(("/", "~", "\\")) and text[1:2] != ":":
            path = posixpath.normpath(posixpath.join(self.workdir, text))
        return None if path is None or path.startswith(("..", "/")) else path

    def existing(self, text: str) -> str | None:
        """Return the file that a path names, where there is one."""
        path = self.here(text)
        return path if path in self.project.files else None

    def used(self, *how: How) -> set[str | None]:
        """Return the paths that are used in one of these ways, relative to the root."""
        return {self.here(use.path) for use in self.uses if use.how in how}


def _models_loaded(places: _Places) -> Iterator[str]:
    """Yield the model files of the bundle that a script loads before it has written them itself."""
    own = places.used("write") - places.used("test")
    for path in (places.existing(use.path) for use in places.uses if use.text.whole and _loads(use)):
        if path and posixpath.splitext(path)[1] in _MODELS and path not in own:
            yield path


def _loads(use: FileUse) -> bool:
    return use.how == "load" or (use.how == "read" and posixpath.splitext(use.path)[1] in _PICKLES)


def _output_folders(places: _Places) -> Iterator[str]:
    """Yield the folders that are written to and not there, but for those that the script itself asks about."""
    tested = places.used("test", "make")
    for path in (use.path.replace("\\", "/") for use in places.uses if use.how == "write"):
        folder = places.here(posixpath.dirname(path) or "/") if _is_in_folder(path) else None
        if folder and not places.project.has_folder(folder) and tested.isdisjoint(_up(folder)):
            yield folder


def _is_in_folder(path: str) -> bool:
    return "/" in path and "://" not in path and "\0" not in path


def _up(folder: str) -> Iterator[str]:
    """Yield a folder and those that it lies in."""
    while folder:
        yield folder
        folder = posixpath.dirname(folder)


def _data_sets(reached: list[Script]) -> Iterator[str]:
    """Yield the data sets that a library fetches, as `keras.mnist`."""
    for script in reached:
        constants = Constants(script)
        for node in script.nodes:
            if isinstance(node, ast.Call) and node.args and script.dotted(node.func) in _LOADERS:
                yield f"{_LOADERS[script.dotted(node.func)]}.{constants.text(node.args[0]).known or '?'}"
            for name in _full_names(script, node):
                for library, pattern in _DATA_SETS.items():
                    match = pattern.search(name)
                    if match:
                        yield f"{library}.{match[1]}"


def _full_names(script: Script, node: ast.AST) -> list[str]:
    """Return the full names that an import or an expression uses."""
    if isinstance(node, ast.ImportFrom) and node.module:
        return [f"{node.module}.{each.name}" for each in node.names]
    return [script.dotted(node)] if isinstance(node, ast.Attribute | ast.Name) else []


def _addresses(reached: list[Script]) -> Iterator[str]:
    """Yield the addresses in the network that scripts name as data."""
    for text in {text for script in reached for text in script.strings}:
        if _ADDRESS.match(text) and posixpath.splitext(text.partition("?")[0])[1]:
            yield text
