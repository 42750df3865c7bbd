"""What authors say that their code needs: which file, which of its lines count, and under which name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from services.trainer.inspection.image.listings import Line, read_listing
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy

_NAMES = ("requirements.txt", "requirement.txt", "reqs.txt", "pip-requirements.txt")
_FOLDER_NAMES = ("base.txt", "main.txt", "prod.txt", "common.txt", "train.txt", "requirements.txt")
_OTHERS = ("pyproject.toml", "Pipfile", "environment.yml", "environment.yaml", "conda.yml", "env.yml")
_ADDRESS = re.compile(r"^(-e\b|--editable|git\+|hg\+|https?:|file:|\.{0,2}/|\.$)|^[\w.\[\]-]+\s*@\s*\S+:")
_HASH = re.compile(r"\s--hash[= ]\S+")
_LOCAL = re.compile(r"(===?\s*[^+,;\s]+)\+[\w.]+")
_LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}

_BUILT_IN = "it is part of Python"
_BROWSER = "it serves notebooks in a browser, and the images run them without one"
_WINDOWS, _MACOS = "it is for Windows only", "it is for macOS only"
_GPU = "it is for GPUs, and the images have none"
USELESS: dict[str, str] = {
    "python": "the image decides the version of Python",
    "pip": "the image has it",
    "setuptools": "the image has it where it is needed",
    "wheel": "nothing is built from source",
    "pkg-resources": "pip listed it by mistake",
    **dict.fromkeys(("argparse", "pathlib", "typing", "dataclasses", "enum34", "futures"), _BUILT_IN),
    **dict.fromkeys(("jupyter", "jupyterlab", "notebook", "jupyter-console", "nbconvert", "qtconsole"), _BROWSER),
    **dict.fromkeys(("ipykernel", "nbclient", "nbformat", "ipython", "ipython-genutils"), "the images have their own"),
    **dict.fromkeys(("pywin32", "pypiwin32", "pywinpty", "wincertstore", "win-inet-pton", "pyreadline"), _WINDOWS),
    **dict.fromkeys(("tensorflow-intel", "windows-curses", "win-unicode-console", "pywin32-ctypes"), _WINDOWS),
    **dict.fromkeys(("appnope", "pyobjc", "pyobjc-core", "tensorflow-metal"), _MACOS),
    **dict.fromkeys(("tensorflow-estimator", "tensorflow-io-gcs-filesystem", "tensorboard-plugin-wit"), "TensorFlow "
                    "brings the matching version"),
}  # fmt: skip
"""What is listed and never installed, with the reason."""

_NO_GPU, _NO_SCREEN, _NAME = "the images have no GPU", "the images have no screen", "that is its name on the index"
RENAMED: dict[str, tuple[str, str]] = {
    "tensorflow": ("tensorflow-cpu", ""),
    "tensorflow-gpu": ("tensorflow-cpu", _NO_GPU),
    "tensorflow-macos": ("tensorflow-cpu", _MACOS),
    "intel-tensorflow": ("tensorflow-cpu", "it is the same library"),
    "opencv-python": ("opencv-python-headless", _NO_SCREEN),
    "opencv-contrib-python": ("opencv-contrib-python-headless", _NO_SCREEN),
    "sklearn": ("scikit-learn", _NAME),
    "skimage": ("scikit-image", _NAME),
    "cv2": ("opencv-python-headless", _NAME),
    "pil": ("pillow", _NAME),
    "bs4": ("beautifulsoup4", _NAME),
    "yaml": ("pyyaml", _NAME),
    "psycopg2": ("psycopg2-binary", "it needs no compiler"),
    "faiss": ("faiss-cpu", _NO_GPU),
    "faiss-gpu": ("faiss-cpu", _NO_GPU),
}
"""What is installed in place of what is listed, with the reason; none for what nobody would notice."""

_UNVERSIONED = frozenset({"sklearn"})
"""Whose own version numbers mean nothing."""


@dataclass(frozen=True, slots=True)
class ListedRequirement:
    """One requirement that counts.

    Attributes:
        requirement: What pip is to meet.
        line: Where it stands, and how.
        by_name: The author asked for it in trainyard.toml, so that it counts whether the script imports it or not.
    """

    requirement: Requirement
    line: Line
    by_name: bool = False

    @property
    def name(self) -> str:
        """The distribution, as indexes compare it."""
        return canonicalize_name(self.requirement.name)


def read_requirements(
    content: Mapping[str, bytes], script: str, policy: Policy
) -> tuple[list[ListedRequirement], list[str]]:
    """Return what the author asks for, one for a distribution, and what there is to report of the rest.

    Args:
        content: The bundle's files.
        script: The one to run; the listing nearest to it counts.
        policy: The author's settings.

    Raises:
        SubmissionError: A file that is named is not there, or a package is written in a way that pip does not know.
    """
    notes: list[str] = []
    requirements: dict[str, ListedRequirement] = {}
    for path in _paths(content, script, policy):
        lines = _lines(path, content, notes)
        notes.extend([f"reads requirements from {path}"] if lines else [])
        listed = [each for line in lines for each in _counted(line, notes)]
        requirements.update((each.name, each) for each in listed)
    requirements.update((each.name, each) for each in map(_package, policy.packages))
    return list(requirements.values()), notes


def _paths(content: Mapping[str, bytes], script: str, policy: Policy) -> Iterable[str]:
    """Return the files that count: the one named, or the first that is found from the script's folder upwards."""
    if policy.requirements is False:
        return ()
    if policy.requirements is not None:
        path = str(PurePosixPath(policy.requirements))
        if path not in content:
            raise SubmissionError(
                f"{FILE} names the requirements file {policy.requirements!r}, which does not exist",
                remedy=f"Correct the path, which is relative to {FILE}, or leave `requirements` out.",
                reason="config",
                file=FILE,
            )
        return (path,)
    names = {path.lower(): path for path in content}
    candidates = [each for folder in PurePosixPath(script).parents for each in _candidates(folder)]
    return next(([names[each]] for each in candidates if each in names and _lists_any(names[each], content)), ())


def _candidates(folder: PurePosixPath) -> Iterator[str]:
    """Yield where a listing may lie in a folder, the likeliest first, in lower case."""
    yield from (str(folder / name).lower() for name in _NAMES)
    yield from (str(folder / "requirements" / name).lower() for name in _FOLDER_NAMES)
    yield from (str(folder / name).lower() for name in _OTHERS)


def _lists_any(path: str, content: Mapping[str, bytes]) -> bool:
    """Return whether a file lists anything; one that cannot be read counts, so that this is reported."""
    try:
        return bool(read_listing(path, content))
    except ValueError:
        return True


def _lines(path: str, content: Mapping[str, bytes], notes: list[str]) -> list[Line]:
    try:
        return read_listing(path, content)
    except ValueError as error:
        notes.append(f"{path} cannot be read and is ignored: {error}")
        return []


def _counted(line: Line, notes: list[str]) -> Iterator[ListedRequirement]:
    """Yield the requirement of a line, if it counts; note why one does not, and what is installed in its place."""
    text = _LOCAL.sub(r"\1", _HASH.sub("", line.text)).strip()
    if _ADDRESS.search(text):
        notes.append(f"{line.place}: {text} is left out, since only wheels from an index are installed")
        return
    if text.startswith("-"):
        return
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        notes.append(f"{line.place}: {text!r} is left out, since it is not a valid requirement")
        return
    name = canonicalize_name(requirement.name)
    if name in USELESS or name.startswith(("nvidia-", "cuda-")):
        notes.append(f"{line.place}: {name} is left out, since {USELESS.get(name, _GPU)}")
    elif not _is_for_another_system(requirement):
        renamed, because = _renamed(requirement)
        if because:
            notes.append(f"{line.place}: {renamed.name} is installed in place of {name}: {because}")
        yield ListedRequirement(renamed, line)


def _renamed(requirement: Requirement) -> tuple[Requirement, str]:
    """Return the requirement by the name that is installed, with the reason where there is one to tell."""
    old = canonicalize_name(requirement.name)
    if old not in RENAMED:
        return requirement, ""
    name, because = RENAMED[old]
    marker = f"; {requirement.marker}" if requirement.marker else ""
    return Requirement(f"{name}{'' if old in _UNVERSIONED else requirement.specifier}{marker}"), because


def _is_for_another_system(requirement: Requirement) -> bool:
    """Return whether a marker says so; those about Python are left to pip."""
    marker = requirement.marker
    return marker is not None and "python" not in str(marker) and not marker.evaluate(_LINUX)


def _package(text: str) -> ListedRequirement:
    """Return a package that trainyard.toml names."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        raise SubmissionError(
            f"packages: {text!r} is not a valid requirement: {str(error).splitlines()[0]}",
            remedy='Write it as in packages = ["xgboost>=2", "lightgbm"].',
            reason="config",
            file=FILE,
        ) from error
    return ListedRequirement(_renamed(requirement)[0], Line(text, FILE), by_name=True)
