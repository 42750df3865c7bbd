"""What the paths that a script names are in the bundle."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile

from services.trainer.inspection.files.literals import Literal
from services.trainer.inspection.files.uses import FileUse
from services.trainer.inspection.files.written_paths import (
    PATTERN,
    SYSTEM,
    bare,
    beginning,
    is_absolute,
    is_same,
    is_within,
    made_up_name,
    may_be_relative,
    parts_of,
)
from services.trainer.inspection.image.dockerfile import Dockerfile
from services.trainer.inspection.plan import Note
from trainyard_analysis.constants import ROOT
from trainyard_analysis.project import Project

_TOO_WIDE = [[], *([name] for name in ("home", "Users", "mnt", "media", "Volumes", "opt", "srv", "data"))]
"""Beginnings of paths that say nothing of where else a file may be."""

_ANYTHING = frozenset({"data", "dataset", "datasets", "input", "inputs", "csv", "files", "raw", "resources", "assets"})
"""Folders that say nothing of what is in them, so that a file from one may well lie in another."""

_RESULTS = frozenset(
    {".h5", ".hdf5", ".keras", ".pt", ".pth", ".ckpt", ".model", ".sav", ".joblib", ".pkl", ".png", ".pdf", ".svg"}
    | {".log"}
)
"""How the names of files end that are more often written than read."""

_DATA = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".npy", ".npz", ".arff", ".mat", ".zip", ".parquet", ".feather"})


@dataclass(slots=True)
class PathMap:
    """What paths are in the bundle.

    Attributes:
        mapped: A path as it is written to the one that is meant, relative to the root.
        missing: Absolute paths that are read, and that nothing in the bundle answers.
    """

    mapped: dict[str, str] = field(default_factory=dict)
    missing: list[Literal] = field(default_factory=list)

    def of(self, text: str) -> str | None:
        """Return what a path is that is mapped, or lies below one that is."""
        for written in sorted(self.mapped, key=len, reverse=True):
            rest = text.removeprefix(written)
            if rest != text and (not rest or rest[0] in "/\\"):
                return _normal(posixpath.join(self.mapped[written], rest.replace("\\", "/").lstrip("/")))
        return None

    def notes(self) -> Iterator[Note]:
        """Yield a note on each of them."""
        for written, target in self.mapped.items():
            yield Note("paths", f"maps {written} to {'the root of the repository' if target == '.' else target}")
        for missing in self.missing:
            place = missing.script.place(missing.line)
            yield Note("paths", f"finds no {missing.text} ({place}): nothing in the repository has that name")


def map_paths(
    project: Project, workdir: str, literals: list[Literal], uses: list[FileUse], dockerfiles: list[Dockerfile]
) -> PathMap:
    """Return what the paths are in the bundle that scripts name, by what their calls do with them."""
    matcher = _Matcher(project, workdir, uses, _image_folders(project, dockerfiles))
    absolute = [each for each in literals if matcher.is_foreign(each.text)]
    for text, whole in (*((each.text, True) for each in absolute), *((use.path, use.text.whole) for use in uses)):
        matcher.learn(text, whole=whole)
    paths = PathMap(matcher.roots | matcher.exact)
    _map_unmatched(paths, matcher, absolute)
    _map_relative(paths, matcher, literals)
    paths.mapped = _needed(paths.mapped, {*(each.text for each in literals), *(use.path for use in uses)})
    return paths


def _map_unmatched(paths: PathMap, matcher: _Matcher, absolute: list[Literal]) -> None:
    """Map the absolute paths of which nothing is in the bundle: to the root, where they are written or entered."""
    for each in sorted(absolute, key=lambda literal: len(literal.text)):
        if paths.of(each.text) is None:
            target = "." if matcher.is_entered(each.text) else matcher.output(each.text)
            if target is not None:
                paths.mapped[bare(each.text)] = target
            elif matcher.is_read(each.text) and not any(is_within(mapped, each.text) for mapped in paths.mapped):
                paths.missing.append(each)


def _map_relative(paths: PathMap, matcher: _Matcher, literals: list[Literal]) -> None:
    """Map the relative paths that name nothing where the script is started."""
    words = _words(literals, matcher.uses)
    for text in (each.text for each in literals if each.text not in words):
        if target := matcher.relative(text):
            paths.mapped[text.rstrip("/\\")] = target


def _words(literals: list[Literal], uses: list[FileUse]) -> set[str]:
    """Return the texts that may be no path but a word, such as a column's name: they stand outside calls with paths."""
    inside = {id(node) for use in uses for node in ast.walk(use.node)}
    outside = (each.text for each in literals if each.node is not None and id(each.node) not in inside)
    return set(filter(_is_word, outside))


def _is_word(text: str) -> bool:
    return set("/\\").isdisjoint(text) and not posixpath.splitext(text)[1]


@dataclass(slots=True)
class _Matcher:
    """Compares paths with the bundle.

    Attributes:
        roots: Folders of another machine, and what they are here.
        exact: Whole paths, and what they are here.
    """

    project: Project
    workdir: str
    uses: list[FileUse]
    roots: dict[str, str]
    exact: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> str:
        """Where the script is started; "" for the root."""
        return "" if self.workdir == "." else self.workdir

    def is_foreign(self, text: str) -> bool:
        """Return whether a text is an absolute path, and not one of the system's."""
        inside = any(is_within(text, root) for root in self.roots)
        is_system = not inside and not SYSTEM.isdisjoint(parts_of(text)[:1])
        return is_absolute(text) and not is_system

    def learn(self, text: str, *, whole: bool) -> None:
        """Look for what an absolute path ends with; take what lies before for a folder of the author's."""
        if not self.is_foreign(text):
            return
        parts = parts_of(text, whole=whole)
        target = self.project.nearest("/".join(parts), self.folder)
        if target is None:
            self._learn_by_pattern(text, whole=whole)
            return
        before, here = _without_common_end(parts, target.split("/"))
        is_exact = whole and not PATTERN.search(text)
        self.exact[bare(text) if is_exact else beginning(text, len(parts))] = target
        if before not in _TOO_WIDE:
            self.roots.setdefault(beginning(text, len(before)), "/".join(here) or ".")

    def _learn_by_pattern(self, text: str, *, whole: bool) -> None:
        """Look for the one folder with files of a name that is made up, such as `fold_%d.csv`."""
        parts, form = parts_of(text, whole=whole), made_up_name(text, whole=whole)
        if parts and form:
            files = (path for path in self.project.files if form.fullmatch(posixpath.basename(path)))
            folders = set(map(posixpath.dirname, files))
            if len(folders) == 1:
                self.roots.setdefault(beginning(text, len(parts)), folders.pop() or ".")

    def output(self, text: str) -> str | None:
        """Return where a path goes that is written to, or may well be: to the same name in the root."""
        parts = parts_of(text)
        is_written = any(use.how in ("write", "make") and use.path.startswith(text) for use in self.uses)
        may_be = not self.is_read(text) and posixpath.splitext(text)[1] in _RESULTS
        return parts[-1] if parts and (is_written or may_be) else None

    def is_entered(self, text: str) -> bool:
        """Return whether it is the folder that the script goes to: its author's own."""
        return any(use.how == "enter" and bare(use.path) == bare(text) for use in self.uses)

    def is_read(self, text: str) -> bool:
        """Return whether something below the path is read."""
        is_data = posixpath.splitext(text)[1] in _DATA
        return is_data or any(use.reads and use.path.startswith(text) for use in self.uses)

    def relative(self, text: str) -> str | None:
        """Return what a relative path is that names nothing where the script is started."""
        if not may_be_relative(text) or not self._is_path(text) or self.project.has(self._here(text)):
            return None
        return self.project.named(self._here(text.replace("\\", "/"))) or self._elsewhere(text)

    def _here(self, text: str) -> str:
        return _normal(posixpath.join(self.workdir, text))

    def _is_path(self, text: str) -> bool:
        """Return whether a text is surely a path: by its form, or by what is done with it."""
        name = posixpath.basename(text)
        has_ending = " " not in name and posixpath.splitext(name)[1] and any(map(str.isalpha, name))
        return bool("\\" in text or has_ending) or any(use.reads and bare(use.path) == bare(text) for use in self.uses)

    def _elsewhere(self, text: str) -> str | None:
        """Return where a file lies instead that is only read, and from a folder that is not there."""
        if {use.reads for use in self.uses if is_same(use.path, text)} != {True}:
            return None
        plain = text.replace("\\", "/")
        target = self.project.nearest(plain.replace("../", ""), self.folder)
        folder = posixpath.dirname(target or "")
        is_near = not _ANYTHING.union({"", self.folder}).isdisjoint({folder, posixpath.basename(folder)})
        return target if is_near or not _ANYTHING.isdisjoint(plain.lower().split("/")[:-1]) else None


def _without_common_end(parts: list[str], others: list[str]) -> tuple[list[str], list[str]]:
    """Return the beginnings of two paths, up to where they are the same but for case."""
    pairs = zip(reversed(parts), reversed(others), strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0].lower() == pair[1].lower(), pairs))
    return parts[: len(parts) - same], others[: len(others) - same]


def _image_folders(project: Project, dockerfiles: list[Dockerfile]) -> dict[str, str]:
    """Return the folders in which Dockerfiles have the code, each with what it is in the bundle."""
    return {
        where: what
        for dockerfile in dockerfiles
        for where, what in _copies(project, dockerfile).items()
        if where != "/" and project.has_folder(what)
    }


def _copies(project: Project, dockerfile: Dockerfile) -> dict[str, str]:
    """Return what the folders in an image are copied from; one that it only works in holds the build's context."""
    is_context = any(path.startswith(f"{dockerfile.folder}/") for path in project.scripts)
    context, workdir = dockerfile.folder if is_context else ".", dockerfile.workdir
    copies = {where: _normal(posixpath.join(context, what)) for where, what in dockerfile.copies.items()}
    if workdir and not any(is_within(workdir, where) for where in copies):
        copies[workdir] = context
    return copies


def _needed(mapped: Mapping[str, str], texts: Collection[str]) -> dict[str, str]:
    """Return those that some text begins with, without those that follow from a shorter one."""
    used = {written: target for written, target in mapped.items() if any(is_within(text, written) for text in texts)}
    return {
        written: target
        for written, target in used.items()
        if PathMap({other: used[other] for other in used.keys() - {written}}).of(written) != target
    }


def _normal(path: str) -> str:
    return posixpath.normpath(path.removeprefix(f"{ROOT}/"))
