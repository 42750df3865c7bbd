"""All files of a bundle, and which of its scripts import which."""

import posixpath
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from trainyard_analysis.imports import Import
from trainyard_analysis.reachable import trains
from trainyard_analysis.script import SUFFIXES, Script, read_script

_EXTENSIONS = (".py", ".so", ".pyd")
_OTHERS = frozenset({".ipynb_checkpoints", "site-packages", "dist-packages", "node_modules", "__pycache__"})
"""Folders of what is no script of the author's: copies, and libraries."""

_LIBRARIES = frozenset(
    {"keras", "tensorflow", "tf_keras", "sklearn", "torch", "torchvision", "numpy", "pandas", "scipy", "matplotlib"}
    | {"xgboost", "lightgbm", "catboost", "cv2", "PIL", "seaborn", "skimage", "nltk", "gensim", "transformers"}
)
"""What folders of examples are called after."""


class Project:
    """A bundle's files, by their paths relative to its root, with its Python files read."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.scripts: dict[str, Script] = {
            path: read_script(path, files[path])
            for path in sorted(files)
            if path.endswith(SUFFIXES) and not _OTHERS & set(path.split("/"))
        }
        self.content = files
        self._training: dict[str, bool] = {}
        self.files = frozenset(files)
        self.folders = frozenset(str(parent) for path in files for parent in PurePosixPath(path).parents) - {"."}
        self._endings: dict[str, list[str]] = {}
        for path in sorted(self.files | self.folders):
            self._endings.setdefault(posixpath.basename(path).lower(), []).append(path)
        self._own = _module_names(files)
        self._named_so = _folder_names(files)

    def has(self, path: str) -> bool:
        """Return whether there is a file or folder of that name."""
        return path in self.files or path in self.folders

    def has_folder(self, path: str) -> bool:
        """Return whether there is a folder of that name; "." is the root."""
        return path == "." or path in self.folders

    def named(self, path: str) -> str | None:
        """Return the only file or folder of that name, whatever the case of its letters."""
        if self.has(path):
            return path
        return _only([each for each in self._called_like(path) if each.lower() == path.lower()])

    def owns(self, module: str, *, but: str = "") -> bool:
        """Return whether a module of that top-level name lies anywhere in the bundle, *but* for the script there.

        Anywhere, since scripts may change `sys.path`; where it cannot be found after all, the run itself says so. A
        folder that merely has a library's name, such as `keras/` with examples in it, does not hide the library.
        """
        itself = module == PurePosixPath(but).stem
        return self._own[module] > itself or (module in self._named_so and module not in _LIBRARIES)

    def nearest(self, path: str, folder: str = "") -> str | None:
        """Return what a path of another machine means here: by as much of its end as exists, nearest to *folder*.

        None where several folders, none of them nearer, have a file of that name.
        """
        parts = [part for part in path.replace("\\", "/").split("/") if part not in ("", ".")]
        tails = ("/".join(parts[start:]) for start in range(len(parts)))
        return next(filter(None, (self._ending_in(tail, folder) for tail in tails)), None)

    def _ending_in(self, tail: str, folder: str) -> str | None:
        """Return the file or folder whose path ends in *tail*: the one in *folder*, else the only one."""
        for candidate in (posixpath.normpath(posixpath.join(folder, tail)), tail):
            if self.has(candidate):
                return candidate
        found = self._called_like(tail)
        exact = [each for each in found if f"/{each}".endswith(f"/{tail}")]
        return _only(exact or [each for each in found if f"/{each}".lower().endswith(f"/{tail.lower()}")])

    def _called_like(self, path: str) -> Sequence[str]:
        return self._endings.get(posixpath.basename(path).lower(), ())

    def reached_from(self, path: str) -> list[Script]:
        """Return the script at *path* and every script of the bundle that it imports, directly or not."""
        found, waiting = {path: self.scripts[path]}, [path]
        while waiting:
            for imported in sorted(self.imported_by(self.scripts[waiting.pop(0)])):
                if imported not in found:
                    found[imported] = self.scripts[imported]
                    waiting.append(imported)
        return list(found.values())

    def trains(self, path: str) -> bool:
        """Return whether starting the script at *path* fits a model, be it in what it imports."""
        if path not in self._training:
            self._training[path] = trains(self.reached_from(path), path)
        return self._training[path]

    def imported_by(self, script: Script) -> set[str]:
        """Return the paths of the bundle's scripts that *script* itself imports."""
        return {path for each in script.imports for path in self.resolve(script, each)} - {script.path}

    def resolve(self, script: Script, wanted: Import) -> Iterator[str]:
        """Yield the scripts that an import means."""
        module = PurePosixPath(*wanted.module.split(".")) if wanted.module else PurePosixPath()
        for base in _bases(script.path, wanted.level):
            hits = list(self._at(base, module, wanted.names))
            if hits:
                yield from hits
                return

    def _at(self, base: PurePosixPath, module: PurePosixPath, names: tuple[str, ...]) -> Iterator[str]:
        target = base / module
        packages = [base.joinpath(*module.parts[: count + 1]) for count in range(len(module.parts))]
        named = [target / name for name in names if name != "*"]
        candidates = [f"{each}.py" for each in (target, *named)] + [f"{each}/__init__.py" for each in packages + named]
        yield from filter(self.scripts.__contains__, dict.fromkeys(candidates))


def module_file(files: Collection[str], importer: str, module: str, level: int = 0) -> str | None:
    """Return the file among *files* that a module's name means to the script that imports it; None for a library."""
    inner = module.replace(".", "/")
    names = [f"{inner}.py", f"{inner}/__init__.py"] if inner else ["__init__.py"]
    found = (str(base / name) for base in _bases(importer, level) for name in names)
    return next((path for path in found if path in files), None)


def _only(found: Sequence[str]) -> str | None:
    return found[0] if len(found) == 1 else None


def _bases(path: str, level: int) -> list[PurePosixPath]:
    """Return the folders in which a script's import is looked for, the nearest first."""
    parents = list(PurePosixPath(path).parents)
    return parents[level - 1 : level] if level else [*parents, PurePosixPath("src")]


def _module_names(files: Mapping[str, bytes]) -> Counter[str]:
    """Count the files and packages that could be imported by each name."""
    code = [PurePosixPath(path) for path in files if path.endswith(_EXTENSIONS)]
    packages = {path.parent.name for path in code if path.name == "__init__.py"}
    return Counter([*(path.name.partition(".")[0] for path in code), *packages])


def _folder_names(files: Mapping[str, bytes]) -> frozenset[str]:
    """Return every name of a folder with code somewhere in it, which needs no `__init__.py` to be imported."""
    return frozenset(part for path in files if path.endswith(_EXTENSIONS) for part in PurePosixPath(path).parent.parts)
