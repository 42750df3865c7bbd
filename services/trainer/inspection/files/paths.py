"""What the paths that a script names mean in the bundle."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from services.trainer.inspection.files.literals import ABSOLUTE, Literal
from services.trainer.inspection.files.uses import Use
from services.trainer.inspection.image.dockerfile import Dockerfile
from trainyard_analysis.constants import ROOT
from trainyard_analysis.project import Project

SYSTEM = frozenset(
    {"tmp", "dev", "proc", "etc", "usr", "bin", "sbin", "lib", "lib64", "sys", "var", "run", "boot", "Windows"}
    | {"Program Files", "Library", "System"}
)
"""Folders at the root of a machine that never hold an author's code."""

TOO_WIDE = frozenset({"home", "Users", "mnt", "media", "Volumes", "opt", "srv", "data"})
"""Folders at the root of which nothing is told by one file in them."""

_ANYTHING = frozenset({"data", "dataset", "datasets", "input", "inputs", "csv", "files", "raw", "resources", "assets"})
"""Folders that say nothing of what is in them, so that a file from one may well lie in another."""

_RESULTS = frozenset(
    {
        ".h5",
        ".hdf5",
        ".keras",
        ".pt",
        ".pth",
        ".ckpt",
        ".model",
        ".sav",
        ".joblib",
        ".pkl",
        ".png",
        ".pdf",
        ".svg",
        ".log",
    }
)
"""How the names of files end that are more often written than read."""

_DATA = frozenset({".csv", ".tsv", ".xlsx", ".xls", ".npy", ".npz", ".arff", ".mat", ".zip", ".parquet", ".feather"})

_PATTERN = re.compile(r"[*?\[{%]")
_PLACEHOLDER = re.compile(r"%[\d.]*\w|\{[^}]*\}?|[*?]+|\[[^\]]*\]?|[^\w.\- ]")
_TELLING = 4
"""Letters of a name that tell it from others."""

_SEPARATOR = re.compile(r"[/\\]+")


@dataclass(slots=True)
class Meaning:
    """What paths mean.

    Attributes:
        mapped: A path as it is written to the one that is meant, relative to the root.
        lost: Absolute paths that are read, and that nothing in the bundle answers.
    """

    mapped: dict[str, str] = field(default_factory=dict)
    lost: list[Literal] = field(default_factory=list)

    def of(self, text: str) -> str | None:
        """Return what a path below one that is mapped means."""
        for written in sorted(self.mapped, key=len, reverse=True):
            rest = text.removeprefix(written)
            if rest != text and (not rest or rest[0] in "/\\"):
                return _normal(posixpath.join(self.mapped[written], rest.replace("\\", "/").lstrip("/")))
        return None


def find_meaning(
    project: Project, workdir: str, literals: Iterable[Literal], uses: list[Use], dockerfiles: list[Dockerfile]
) -> Meaning:
    """Find out what is meant by the paths that scripts name.

    Args:
        project: The bundle.
        workdir: Where the script is started.
        literals: String constants that may be paths, the script's own and those of its command line.
        uses: What its calls do with paths.
        dockerfiles: Dockerfiles of the bundle, which say where its author had the code.
    """
    reader = _Reader(project, workdir, uses, dict(_roots(project, dockerfiles)))
    found = list(literals)
    absolute = [each for each in found if ABSOLUTE.match(each.text) and not _is_system(each.text, reader.roots)]
    for each in absolute:
        reader.learn(each.text)
    for use in uses:
        if ABSOLUTE.match(use.text.known) and not _is_system(use.text.known, reader.roots):
            reader.learn(use.text.known, whole=use.text.whole)
    meaning = Meaning(reader.roots | reader.exact)
    for each in sorted(absolute, key=lambda literal: len(literal.text)):
        if meaning.of(each.text) is None:
            target = "." if reader.is_entered(each.text) else reader.written(each.text)
            if target is not None:
                meaning.mapped[_bare(each.text)] = target
            elif reader.is_read(each.text) and not any(_is_below(mapped, each.text) for mapped in meaning.mapped):
                meaning.lost.append(each)
    inside = {id(node) for use in uses for node in ast.walk(use.node)}
    words = {each.text for each in found if each.node is not None and id(each.node) not in inside}
    for each in found:
        if each.text not in words or "/" in each.text or "\\" in each.text or posixpath.splitext(each.text)[1]:
            meaning.mapped |= dict(reader.relative(each.text))
    meaning.mapped = _needed(meaning.mapped, found, uses)
    return meaning


@dataclass(slots=True)
class _Reader:
    """Compares paths with the bundle.

    Attributes:
        roots: Folders of another machine, and what they are here.
        exact: Whole paths, and what they are here.
    """

    project: Project
    workdir: str
    uses: list[Use]
    roots: dict[str, str]
    exact: dict[str, str] = field(default_factory=dict)

    def learn(self, text: str, *, whole: bool = True) -> None:
        """Look for what an absolute path ends with; take what lies before for a folder of the author's."""
        parts = _parts(text, whole=whole)
        target = self.project.nearest("/".join(parts), "" if self.workdir == "." else self.workdir) if parts else None
        if target is None:
            self._learn_by_pattern(text, whole=whole)
            return
        known = target.split("/")
        same = 0
        while same < min(len(parts), len(known)) and parts[-1 - same].lower() == known[-1 - same].lower():
            same += 1
        before, here = parts[: len(parts) - same], known[: len(known) - same]
        if whole and not _PATTERN.search(text):
            self.exact[_bare(text)] = target
        else:
            self.exact[_beginning(text, len(parts))] = target
        folder = _beginning(text, len(before))
        if before and folder not in self.roots and not (len(before) == 1 and before[0] in TOO_WIDE):
            self.roots[folder] = "/".join(here) or "."

    def _learn_by_pattern(self, text: str, *, whole: bool) -> None:
        """Look for the one folder with files of a name that is made up, such as `fold_%d.csv`."""
        parts = _parts(text, whole=whole)
        name = _SEPARATOR.split(text)[-1]
        if not parts or len(re.sub(r"\W", "", name)) < _TELLING or not (_PATTERN.search(name) or not whole):
            return
        form = re.compile(
            _PLACEHOLDER.sub("\0", name).replace(".", r"\.").replace("\0", ".*") + ("" if whole else ".*")
        )
        folders = {posixpath.dirname(path) for path in self.project.files if _matches(form, path)}
        if len(folders) == 1:
            self.roots.setdefault(_beginning(text, len(parts)), folders.pop() or ".")

    def written(self, text: str) -> str | None:
        """Return where a path goes that is written to, or may well be: to the same name in the root."""
        parts = _parts(text, whole=True)
        is_written = any(use.how in ("write", "make") and use.text.known.startswith(text) for use in self.uses)
        may_be = not self.is_read(text) and posixpath.splitext(text)[1] in _RESULTS
        return parts[-1] if parts and (is_written or may_be) else None

    def is_entered(self, text: str) -> bool:
        """Tell whether it is the folder that the script goes to: its author's own."""
        return any(use.how == "enter" and _bare(use.text.known) == _bare(text) for use in self.uses)

    def is_read(self, text: str) -> bool:
        """Tell whether something below the path is read."""
        is_data = posixpath.splitext(text)[1] in _DATA
        return is_data or any(use.how in ("read", "load") and use.text.known.startswith(text) for use in self.uses)

    def relative(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield what a relative path means that names nothing where the script is started."""
        if ABSOLUTE.match(text) or "://" in text or not text.strip("./\\ ") or _PATTERN.search(text):
            return
        here = _normal(posixpath.join(self.workdir, text))
        if self.project.has(here):
            return
        if "\\" in text:
            here = _normal(posixpath.join(self.workdir, text.replace("\\", "/")))
            found = self.project.named(here) or self._elsewhere(text)
        elif self._is_path(text):
            found = self.project.named(here) or self._elsewhere(text)
        else:
            return
        if found:
            yield text.rstrip("/\\"), found

    def _is_path(self, text: str) -> bool:
        """Tell whether a text is surely a path: by its ending, or by what is done with it."""
        name = posixpath.basename(text)
        if " " not in name and posixpath.splitext(name)[1] and any(char.isalpha() for char in name):
            return True
        return any(use.how in ("read", "load") and _bare(use.text.known) == _bare(text) for use in self.uses)

    def _elsewhere(self, text: str) -> str | None:
        """Return a file that is read from a folder that is not there, where it lies instead."""
        mine = [use for use in self.uses if _same(use.text.known, text)]
        if not any(use.how in ("read", "load") for use in mine) or any(use.how not in ("read", "load") for use in mine):
            return None
        plain = text.replace("\\", "/")
        folder = "" if self.workdir == "." else self.workdir
        found = self.project.nearest(plain.replace("../", ""), folder)
        near = {"", folder} | _ANYTHING
        folders = {posixpath.dirname(found or ""), posixpath.basename(posixpath.dirname(found or ""))}
        is_near = bool(near & folders) or bool(_ANYTHING & set(plain.lower().split("/")[:-1]))
        return found if is_near else None


def _roots(project: Project, dockerfiles: list[Dockerfile]) -> Iterator[tuple[str, str]]:
    """Yield the folders in which Dockerfiles have the code."""
    for each in dockerfiles:
        context = each.folder if any(path.startswith(f"{each.folder}/") for path in project.scripts) else ""
        copies = {where: _normal(posixpath.join(context or ".", what)) for where, what in each.copies.items()}
        if each.workdir and not any(f"{each.workdir}/".startswith(f"{where}/") for where in copies):
            copies[each.workdir] = context or "."
        for where, what in copies.items():
            if where.count("/") >= 1 and where != "/" and project.has_folder(what):
                yield where, what


def _needed(mapped: Mapping[str, str], literals: Iterable[Literal], uses: list[Use]) -> dict[str, str]:
    """Return those that some text begins with, without those that follow from a shorter one."""
    texts = [each.text for each in literals] + [use.text.known for use in uses]
    used = {
        written: target
        for written, target in mapped.items()
        if any(text.startswith(written) and text[len(written) : len(written) + 1] in ("", "/", "\\") for text in texts)
    }
    return {
        written: target
        for written, target in used.items()
        if Meaning({other: where for other, where in used.items() if other != written}).of(written) != target
    }


def _is_system(text: str, roots: Mapping[str, str]) -> bool:
    parts = _parts(text, whole=True)
    inside = any(text == root or text.startswith(f"{root}/") for root in roots)
    return not inside and bool(parts) and parts[0] in SYSTEM


def _parts(text: str, *, whole: bool) -> list[str]:
    """Return the parts of a path that are names of files and folders, without drive and home."""
    plain = re.sub(r"^(?:[A-Za-z]:|~|file://)", "", text)
    parts = [part for part in _SEPARATOR.split(plain) if part not in ("", ".")]
    if not whole and parts and text[-1] not in "/\\":
        parts = parts[:-1]
    end = next((place for place, part in enumerate(parts) if _PATTERN.search(part)), len(parts))
    return parts[:end]


def _beginning(text: str, count: int) -> str:
    """Return a path up to its so many parts, as it is written."""
    start = re.match(r"(?:[A-Za-z]:|~)?[/\\]*", text)
    at = start.end() if start else 0
    for _ in range(count):
        part = re.compile(r"[^/\\]+").search(text, at)
        if not part:
            break
        at = part.end()
    return text[:at] if count else ""


def _is_below(text: str, folder: str) -> bool:
    return text.startswith(_bare(folder)) and text[len(_bare(folder)) : len(_bare(folder)) + 1] in ("/", "\\")


def _matches(form: re.Pattern[str], path: str) -> bool:
    return form.fullmatch(posixpath.basename(path)) is not None


def _bare(text: str) -> str:
    return text.rstrip("/\\") or text


def _same(known: str, text: str) -> bool:
    return _bare(known.removeprefix("./")) == _bare(text.removeprefix("./"))


def _normal(path: str) -> str:
    return posixpath.normpath(path.removeprefix(f"{ROOT}/"))
