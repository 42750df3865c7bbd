"""What authors say that their code needs: which file, which of its lines count, and under which name."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from services.trainer.inspection.image.distributions import LEFT_OUT, RENAMED
from services.trainer.inspection.image.listings import Line, read_listing
from services.trainer.inspection.plan import no_such
from trainyard.errors import SubmissionError
from trainyard.policy import FILE, Policy

_NAMES = (
    *("requirements.txt", "requirement.txt", "reqs.txt", "pip-requirements.txt"),
    *(f"requirements/{name}.txt" for name in ("base", "main", "prod", "common", "train", "requirements")),
    *("pyproject.toml", "Pipfile", "environment.yml", "environment.yaml", "conda.yml", "env.yml"),
)
"""Where authors list what their code needs, the likeliest first."""

_ADDRESS = re.compile(r"^(-e\b|--editable|git\+|hg\+|https?:|file:|\.{0,2}/|\.$)|^[\w.\[\]-]+\s*@\s*\S+:")
_HASH = re.compile(r"\s--hash[= ]\S+")
_LOCAL = re.compile(r"(===?\s*[^+,;\s]+)\+[\w.]+")
_LINUX = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"}


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

    def __str__(self) -> str:
        return str(self.requirement)


def read_requirements(
    content: Mapping[str, bytes], script: str, policy: Policy
) -> tuple[list[ListedRequirement], list[str]]:
    """Return what the author asks for, one for a distribution, and what there is to report of the rest.

    The listing counts that is nearest to the script.

    Raises:
        SubmissionError: A file that is named is not there, or a package is written in a way that pip does not know.
    """
    notes: list[str] = []
    counted = (each for line in _lines(content, script, policy, notes) for each in _counted(line, notes))
    requirements = {each.name: each for each in (*counted, *map(_package, policy.packages))}
    return list(requirements.values()), notes


def _lines(content: Mapping[str, bytes], script: str, policy: Policy, notes: list[str]) -> list[Line]:
    """Return the lines of the file that counts: the one named, or the first that lists anything; note which it is."""
    for path in _named(content, policy.requirements) if policy.requirements else _nearby(content, script, policy):
        try:
            lines = read_listing(path, content)
        except ValueError as error:
            notes.append(f"{path} cannot be read and is ignored: {error}")
            break
        if lines:
            notes.append(f"reads requirements from {path}")
            return lines
    return []


def _named(content: Mapping[str, bytes], named: str) -> Iterable[str]:
    path = str(PurePosixPath(named))
    if path not in content:
        remedy = f"Correct the path, which is relative to {FILE}, or leave `requirements` out."
        raise no_such("requirements file", named, remedy)
    return (path,)


def _nearby(content: Mapping[str, bytes], script: str, policy: Policy) -> Iterator[str]:
    """Yield the listings from the script's folder upwards, in one folder the likeliest first, whatever their case."""
    if policy.requirements is not False:
        paths = {path.lower(): path for path in content}
        candidates = (str(folder / name).lower() for folder in PurePosixPath(script).parents for name in _NAMES)
        yield from (paths[candidate] for candidate in candidates if candidate in paths)


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
    if name in LEFT_OUT or name.startswith(("nvidia-", "cuda-")):
        why = LEFT_OUT.get(name, "it is for GPUs, which the images do not have")
        notes.append(f"{line.place}: {name} is left out, since {why}")
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
    specifier = "" if old == "sklearn" else requirement.specifier  # whose own versions mean nothing
    return Requirement(f"{name}{specifier}{marker}"), because


def _is_for_another_system(requirement: Requirement) -> bool:
    """Return whether a marker says so; those about Python are left to pip."""
    marker = requirement.marker
    return marker is not None and "python" not in str(marker) and not marker.evaluate(_LINUX)


def _package(text: str) -> ListedRequirement:
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
