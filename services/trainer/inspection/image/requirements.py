"""What authors say that their code needs: which file, which of its lines count, and under which name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement

from services.trainer.inspection.image import listings
from services.trainer.inspection.image.distributions import canonical
from services.trainer.inspection.image.listings import Line
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy

_NAMES = ("requirements.txt", "requirement.txt", "reqs.txt", "pip-requirements.txt")
_FOLDER_NAMES = ("base.txt", "main.txt", "prod.txt", "common.txt", "train.txt", "requirements.txt")
_OTHERS = ("pyproject.toml", "Pipfile", "environment.yml", "environment.yaml", "conda.yml", "env.yml")
_ADDRESS = re.compile(r"^(-e\b|--editable|git\+|hg\+|https?:|file:|\.{0,2}/|\.$)|^[\w.\[\]-]+\s*@\s*\S+:")
_HASH = re.compile(r"\s--hash[= ]\S+")
_LOCAL = re.compile(r"(===?\s*[^+,;\s]+)\+[\w.]+")

_BROWSER = "it serves notebooks in a browser; the images run them without"
_WINDOWS, _MACOS = "it is Windows' own", "it is macOS's own"
_GPU = "it drives graphics processors, which the images do without"
USELESS: dict[str, str] = {
    "python": "the image decides which Python there is",
    "pip": "the image has it",
    "setuptools": "the image has it where it is needed",
    "wheel": "nothing is built from source",
    "pkg-resources": "pip itself wrote it by mistake",
    "argparse": "Python has it",
    "pathlib": "Python has it",
    "typing": "Python has it",
    "dataclasses": "Python has it",
    "enum34": "Python has it",
    "futures": "Python has it",
    **dict.fromkeys(("jupyter", "jupyterlab", "notebook", "jupyter-console", "nbconvert", "qtconsole"), _BROWSER),
    **dict.fromkeys(("ipykernel", "nbclient", "nbformat", "ipython", "ipython-genutils"), "the images have one of it"),
    **dict.fromkeys(("pywin32", "pypiwin32", "pywinpty", "wincertstore", "win-inet-pton", "pyreadline"), _WINDOWS),
    **dict.fromkeys(("tensorflow-intel", "windows-curses", "win-unicode-console", "pywin32-ctypes"), _WINDOWS),
    **dict.fromkeys(("appnope", "pyobjc", "pyobjc-core", "tensorflow-metal"), _MACOS),
    **dict.fromkeys(("tensorflow-estimator", "tensorflow-io-gcs-filesystem", "tensorboard-plugin-wit"), "TensorFlow "
                    "brings the one that fits it"),
}  # fmt: skip
"""What is listed and never installed, with the reason."""

RENAMED: dict[str, tuple[str, str]] = {
    "tensorflow": ("tensorflow-cpu", ""),
    "tensorflow-gpu": ("tensorflow-cpu", "graphics processors are not in the images"),
    "tensorflow-macos": ("tensorflow-cpu", "that one is macOS's own"),
    "intel-tensorflow": ("tensorflow-cpu", "it is the same"),
    "opencv-python": ("opencv-python-headless", "there is no screen"),
    "opencv-contrib-python": ("opencv-contrib-python-headless", "there is no screen"),
    "sklearn": ("scikit-learn", "that is its name"),
    "skimage": ("scikit-image", "that is its name"),
    "cv2": ("opencv-python-headless", "that is its name"),
    "pil": ("pillow", "that is its name"),
    "bs4": ("beautifulsoup4", "that is its name"),
    "yaml": ("pyyaml", "that is its name"),
    "psycopg2": ("psycopg2-binary", "it needs no compiler"),
    "faiss": ("faiss-cpu", "graphics processors are not in the images"),
    "faiss-gpu": ("faiss-cpu", "graphics processors are not in the images"),
}
"""What is installed in place of what is listed, with the reason; none for what nobody would notice."""

_UNVERSIONED = frozenset({"sklearn"})
"""Whose own version numbers mean nothing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One requirement that counts.

    Attributes:
        requirement: What pip is to meet.
        line: Where it stands, and how.
        named: The author asked for it in trainyard.toml, so that it counts whether the script imports it or not.
    """

    requirement: Requirement
    line: Line
    named: bool = False

    @property
    def name(self) -> str:
        """The distribution, as indexes compare it."""
        return canonical(self.requirement.name)


def listed(content: Mapping[str, bytes], script: str, policy: Policy) -> tuple[list[Wanted], list[str]]:
    """Return what the author asks for, one for a distribution, and what is to be said about the rest.

    Args:
        content: The bundle's files.
        script: The one to run; the listing nearest to it counts.
        policy: The author's settings.

    Raises:
        SubmissionError: A file that is named is not there, or a package is written in a way that pip does not know.
    """
    reasons: list[str] = []
    found: dict[str, Wanted] = {}
    for path in _paths(content, script, policy):
        lines = _lines(path, content, reasons)
        reasons.extend([f"{path} says what it needs"] if lines else [])
        kept = [wanted for line in lines for wanted in _kept(line, reasons)]
        found.update((each.name, each) for each in kept)
    named = [_package(text) for text in policy.packages]
    found.update((each.name, each) for each in named)
    return list(found.values()), reasons


def _paths(content: Mapping[str, bytes], script: str, policy: Policy) -> Iterable[str]:
    """Return the files that count: the one named, or the first that is found from the script's folder upwards."""
    if policy.requirements is False:
        return ()
    if policy.requirements is not None:
        path = str(PurePosixPath(policy.requirements))
        if path not in content:
            raise SubmissionError(
                f"{FILE} names the requirements {policy.requirements!r}, and there is no such file",
                remedy="Correct the path, which is relative to trainyard.toml; or leave `requirements` out.",
                reason="config",
                file=FILE,
            )
        return (path,)
    names = {path.lower(): path for path in content}
    for folder in PurePosixPath(script).parents:
        found = [names[path] for path in _candidates(folder) if path in names]
        some = next(([path] for path in found if listings_something(path, content)), [])
        if some:
            return some
    return ()


def _candidates(folder: PurePosixPath) -> Iterator[str]:
    """Yield where a listing may lie in a folder, the likeliest first, in lower case."""
    yield from (str(folder / name) for name in _NAMES)
    yield from (str(folder / "requirements" / name) for name in _FOLDER_NAMES)
    yield from (str(folder / name).lower() for name in _OTHERS)


def listings_something(path: str, content: Mapping[str, bytes]) -> bool:
    """Tell whether a file lists anything; one that cannot be read counts, so that it is told."""
    try:
        return bool(listings.read(path, content))
    except ValueError:
        return True


def _lines(path: str, content: Mapping[str, bytes], reasons: list[str]) -> list[Line]:
    try:
        return listings.read(path, content)
    except ValueError as error:
        reasons.append(f"{path} cannot be read and is left out: {error}")
        return []


def _kept(line: Line, reasons: list[str]) -> Iterator[Wanted]:
    """Yield the requirement of a line, if it counts; say why one does not, and what takes another's place."""
    text = _LOCAL.sub(r"\1", _HASH.sub("", line.text)).strip()
    if _ADDRESS.search(text):
        reasons.append(f"{line.place}: {text} is left out, since only wheels of an index are installed")
        return
    if text.startswith("-"):
        return
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        reasons.append(f"{line.place}: {text!r} is left out, since it is no requirement that pip knows")
        return
    name = canonical(requirement.name)
    if name in USELESS or name.startswith(("nvidia-", "cuda-")):
        reasons.append(f"{line.place}: {name} is left out, since {USELESS.get(name, _GPU)}")
        return
    if _elsewhere(requirement):
        return
    if name in RENAMED:
        requirement, because = _renamed(requirement)
        if because:
            reasons.append(f"{line.place}: {requirement.name} is taken for {name}: {because}")
    yield Wanted(requirement, line)


def _renamed(requirement: Requirement) -> tuple[Requirement, str]:
    old = canonical(requirement.name)
    name, because = RENAMED[old]
    marker = f"; {requirement.marker}" if requirement.marker else ""
    return Requirement(f"{name}{'' if old in _UNVERSIONED else requirement.specifier}{marker}"), because


def _elsewhere(requirement: Requirement) -> bool:
    """Tell whether a marker says that it is meant for another system."""
    linux = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}
    about_python = requirement.marker and "python" in str(requirement.marker)
    return bool(requirement.marker) and not about_python and not requirement.marker.evaluate(linux)  # type: ignore[union-attr]


def _package(text: str) -> Wanted:
    """Return a package that trainyard.toml names."""
    try:
        requirement = Requirement(text)
    except InvalidRequirement as error:
        raise SubmissionError(
            f"packages: {text!r} is no requirement that pip knows: {str(error).splitlines()[0]}",
            remedy='Write it as in packages = ["xgboost>=2", "lightgbm"].',
            reason="config",
            file=FILE,
        ) from error
    if canonical(requirement.name) in RENAMED:
        requirement, _ = _renamed(requirement)
    return Wanted(requirement, Line(text, FILE), named=True)
