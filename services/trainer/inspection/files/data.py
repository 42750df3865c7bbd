"""Which data a script wants, which models it loads, and which folders it writes to."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator

from services.trainer.inspection.files.paths import Meaning
from services.trainer.inspection.files.uses import Use
from trainyard_analysis.constants import ROOT, Constants
from trainyard_analysis.project import Project
from trainyard_analysis.script import SUFFIXES, Script

_MODELS = frozenset(
    {".h5", ".hdf5", ".keras", ".pkl", ".pickle", ".joblib", ".sav", ".pt", ".pth", ".ckpt", ".model", ".cbm", ".bin"}
    | {".weights", ".pb", ".onnx", ".json"}
)
_KERAS_SET = re.compile(r"(?:^|\.)keras\.datasets\.(\w+)(?:\.load_data)?$")
_SCIKIT_SET = re.compile(r"^sklearn\.datasets\.(?:\w+\.)?fetch_(\w+)$")
_TORCH_SET = re.compile(r"^torchvision\.datasets\.([A-Z]\w+)$")
_NO_SET = frozenset({"ImageFolder", "DatasetFolder", "FakeData", "VisionDataset"})
_NAMED_SET = {"tensorflow_datasets.load": "tensorflow_datasets", "seaborn.load_dataset": "seaborn"}


class Places:
    """Tells where a path of a script lies in the bundle.

    Args:
        project: The bundle.
        workdir: Where the script is started.
        meaning: What its paths mean.
    """

    def __init__(self, project: Project, workdir: str, meaning: Meaning) -> None:
        self._project = project
        self._workdir = workdir
        self._meaning = meaning

    def here(self, text: str) -> str | None:
        """Return the path relative to the root, or None where it leads out of the bundle."""
        mapped = self._meaning.of(text)
        if mapped is None and text.startswith(ROOT):
            mapped = posixpath.normpath(text.removeprefix(ROOT).lstrip("/") or ".")
        if mapped is None and not text.startswith(("/", "~", "\\")) and text[1:2] != ":":
            mapped = posixpath.normpath(posixpath.join(self._workdir, text))
        return None if mapped is None or mapped.startswith(("..", "/")) else mapped

    def existing(self, text: str) -> str | None:
        """Return the file that a path names, where there is one."""
        found = self.here(text)
        return found if found is not None and found in self._project.files else None


def data_files(places: Places, texts: Iterable[str]) -> Iterator[str]:
    """Yield the files of the bundle, other than scripts, that are named."""
    for text in texts:
        found = places.existing(text)
        if found and not found.endswith(SUFFIXES):
            yield found


def models_loaded(places: Places, uses: list[Use]) -> Iterator[str]:
    """Yield the model files of the bundle that a script loads before it has written them itself."""
    written = {places.here(use.text.known) for use in uses if use.how == "write"}
    asked = {places.here(use.text.known) for use in uses if use.how == "test"}
    for use in uses:
        opened = use.how == "read" and posixpath.splitext(use.text.known)[1] in (".pkl", ".pickle", ".sav")
        if (use.how == "load" or opened) and use.text.whole:
            found = places.existing(use.text.known)
            if found and posixpath.splitext(found)[1] in _MODELS and (found in asked or found not in written):
                yield found


def output_folders(project: Project, places: Places, uses: list[Use]) -> Iterator[str]:
    """Yield the folders that are written to and not there, but for those that the script itself asks about."""
    asked = {places.here(use.text.known.rstrip("/")) for use in uses if use.how in ("test", "make")}
    for use in uses:
        known = use.text.known.replace("\\", "/")
        if use.how != "write" or "/" not in known or "://" in known or "\0" in known:
            continue
        folder = places.here(posixpath.dirname(known) or "/")
        if folder in (None, ".") or project.has(str(folder)):
            continue
        if not {str(folder), *map(str, _parents(str(folder)))} & asked:
            yield str(folder)


def _parents(folder: str) -> Iterator[str]:
    while "/" in folder:
        folder = posixpath.dirname(folder)
        yield folder


def data_sets(reached: list[Script]) -> Iterator[str]:
    """Yield the data sets that a library fetches, as `keras.mnist`."""
    for script in reached:
        constants = Constants(script)
        for node in ast.walk(script.tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [f"{node.module}.{each.name}" for each in node.names]
            elif isinstance(node, ast.Attribute | ast.Name):
                names = [script.dotted(node)]
            elif isinstance(node, ast.Call) and script.dotted(node.func) in _NAMED_SET and node.args:
                library = _NAMED_SET[script.dotted(node.func)]
                yield f"{library}.{constants.text(node.args[0]).known or '?'}"
                continue
            else:
                continue
            yield from (found for name in names for found in _set_in(name))


def _set_in(name: str) -> Iterator[str]:
    for library, pattern in (("keras", _KERAS_SET), ("sklearn", _SCIKIT_SET), ("torchvision", _TORCH_SET)):
        match = pattern.search(name)
        if match and match[1] not in _NO_SET:
            yield f"{library}.{match[1]}"


def addresses(reached: list[Script]) -> Iterator[str]:
    """Yield the addresses in the network that scripts name as data."""
    for script in reached:
        for text in sorted(script.strings):
            if re.match(r"(https?|ftp|s3|gs)://\S+$", text) and posixpath.splitext(text.partition("?")[0])[1]:
                yield text
