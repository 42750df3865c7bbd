"""The part of a Dockerfile that a stage needs, so that nothing else is built or hashed."""

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

FOLDER = str(Path(__file__).parents[3] / "images" / "training")
"""The folder with the training images' Dockerfile, in a checkout and in an installed wheel."""

_FROM = re.compile(r"FROM\s+(?:--\S+\s+)*(?P<base>\S+)(?:\s+AS\s+(?P<name>\S+))?\s*$", re.IGNORECASE)
_STAGE_OF_COPY = re.compile(r"^\s*COPY\s+(?:--\S+\s+)*--from=(\S+)", re.IGNORECASE | re.MULTILINE)
_ARG = re.compile(r"ARG\s+(\w+)", re.IGNORECASE)
_COPY = re.compile(r"^\s*COPY\s+(?!.*--from=)(.+)$", re.IGNORECASE | re.MULTILINE)


def only(text: str, target: str) -> str:
    """Return the Dockerfile *text* with the stages that *target* needs, without all others and comments.

    An engine without BuildKit builds every stage above the target. For an unknown target, the text is returned as it
    is, so that the engine reports it.
    """
    head, parts = _parts("".join(line for line in text.splitlines(keepends=True) if not line.startswith("#")))
    if target not in parts:
        return text
    wanted = _needed(parts, target)
    body = "".join(part for name, part in parts.items() if name in wanted)
    return "".join(line for line in head.splitlines(keepends=True) if _is_used(line, body)) + body


def copied(text: str) -> set[str]:
    """Return the top-level names in the build's context that the Dockerfile copies."""
    sources = (shlex.split(match)[:-1] for match in _COPY.findall(text))
    return {source.strip("./").split("/")[0] for each in sources for source in each if not source.startswith("--")}


def _is_used(line: str, body: str) -> bool:
    """Return whether a line above all stages matters to those that are kept."""
    found = _ARG.match(line)
    return not found or f"${{{found[1]}}}" in body


def _needed(parts: Mapping[str, str], target: str) -> set[str]:
    """Return the names of a stage and of all that it builds on or copies from."""
    first = _FROM.match(parts[target].splitlines()[0])
    below = {first["base"] if first else "", *_STAGE_OF_COPY.findall(parts[target])} & parts.keys() - {target}
    return {target}.union(*(_needed(parts, name) for name in below))


def _parts(text: str) -> tuple[str, dict[str, str]]:
    parts: dict[str, str] = {}
    head = name = ""
    for line in text.splitlines(keepends=True):
        found = _FROM.match(line)
        if found:
            name = found["name"] or f"unnamed {len(parts)}"
            parts[name] = ""
        if name:
            parts[name] += line
        else:
            head += line
    return head, parts
