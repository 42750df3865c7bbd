"""All files of a bundle, and which of its scripts import which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from services.trainer.inspection.imports import Import
from services.trainer.inspection.script import Script, read_script

_EXTENSIONS = (".py", ".so", ".pyd")


class Project:
    """A bundle's files with its Python files read.

    Args:
        files: Path relative to the root to content.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.scripts: dict[str, Script] = {
            path: read_script(path, files[path]) for path in sorted(files) if path.endswith(".py")
        }
        self.files = frozenset(files)
        self.folders = frozenset(
            str(parent) for path in files for parent in PurePosixPath(path).parents if str(parent) != "."
        )
        self._own = _module_names(files)

    def has(self, path: str) -> bool:
        """Tell whether there is a file or folder of that name."""
        return path in self.files or path in self.folders

    def owns(self, module: str) -> bool:
        """Tell whether a module of that top-level name lies anywhere in the bundle.

        Anywhere, since scripts may change `sys.path`; where it cannot be found after all, the run itself says so.
        """
        return module in self._own

    def reached_from(self, path: str) -> list[Script]:
        """Return the script at *path* and every script of the bundle that it imports, directly or not."""
        found, waiting = {path: self.scripts[path]}, [path]
        while waiting:
            for imported in self.imported_by(self.scripts[waiting.pop()]):
                if imported not in found:
                    found[imported] = self.scripts[imported]
                    waiting.append(imported)
        return list(found.values())

    def imported_by(self, script: Script) -> set[str]:
        """Return the paths of the bundle's scripts that *script* itself imports."""
        return {path for each in script.imports for path in self._resolve(script, each)} - {script.path}

    def _resolve(self, script: Script, wanted: Import) -> Iterator[str]:
        """Yield the scripts that an import means."""
        module = PurePosixPath(*wanted.module.split(".")) if wanted.module else PurePosixPath()
        for base in _bases(script.path, wanted.level):
            hits = list(self._at(base, module, wanted.names))
            if hits:
                yield from hits
                return

    def _at(self, base: PurePosixPath, module: PurePosixPath, names: tuple[str, ...]) -> Iterator[str]:
        """Yield the scripts that *module* and *names* mean when looked for in *base*."""
        target = base / module
        packages = [base / PurePosixPath(*module.parts[: count + 1]) for count in range(len(module.parts))]
        named = [target / name for name in names if name != "*"]
        candidates = [f"{target}.py", *(f"{package}/__init__.py" for package in packages)]
        candidates += [f"{name}.py" for name in named] + [f"{name}/__init__.py" for name in named]
        yield from (candidate for candidate in dict.fromkeys(candidates) if candidate in self.scripts)


def _bases(path: str, level: int) -> list[PurePosixPath]:
    """Return the folders in which a script's import is looked for, the nearest first."""
    parents = list(PurePosixPath(path).parents)
    return parents[level - 1 : level] if level else [*parents, PurePosixPath("src")]


def _module_names(files: Mapping[str, bytes]) -> frozenset[str]:
    """Return every name that a file or folder could be imported by."""
    code = [PurePosixPath(path) for path in files if path.endswith(_EXTENSIONS)]
    return frozenset(path.name.partition(".")[0] for path in code) | {
        part for path in code for part in path.parent.parts
    }
