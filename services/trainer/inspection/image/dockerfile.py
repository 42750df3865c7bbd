"""What the Dockerfiles of a repository say of how its script is started."""

import json
import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

_NAMED_SO = re.compile(r"(^|/)(dockerfile(\.[\w.-]+)?|[\w.-]+\.dockerfile)$", re.IGNORECASE)
_LAUNCHERS = frozenset({"sh", "bash", "/bin/sh", "/bin/bash"})
_ENDS = frozenset({"&&", "||", ";", "|", "&"})
_REDIRECTS = re.compile(r"^\d?[<>]")


@dataclass(frozen=True, slots=True)
class Start:
    """A command line that starts a script.

    Attributes:
        script: As the Dockerfile writes it.
        args: What follows it; nothing where a shell would have to fill it in.
    """

    script: str
    args: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """One Dockerfile.

    Attributes:
        path: Relative to the bundle's root.
        workdir: The last absolute folder that it changes to.
        copies: Absolute folders in the image that hold the context, or a folder of it.
        env: Its variables, where their value is written out.
        start: The script that its command starts, if any.
    """

    path: str
    workdir: str | None
    copies: Mapping[str, str] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    start: Start | None = None

    @property
    def folder(self) -> str:
        """The folder that it lies in; "" for the root."""
        return posixpath.dirname(self.path)


def read_dockerfiles(files: Mapping[str, bytes]) -> list[Dockerfile]:
    """Read every Dockerfile of the bundle, those in the root first."""
    found = sorted((path for path in files if _NAMED_SO.search(path)), key=lambda path: (path.count("/"), path))
    return [_read(path, files[path].decode("utf-8", "replace")) for path in found]


def start_in(command: str) -> Start | None:
    """Find the script that a shell command starts."""
    try:
        words = shlex.split(command, comments=True)
    except ValueError:
        return None
    return _start(words)


def _read(path: str, text: str) -> Dockerfile:
    workdir, copies, env = None, dict[str, str](), dict[str, str]()
    for word, rest in _instructions(text):
        if word == "FROM":
            workdir = None
        elif word == "WORKDIR":
            workdir = posixpath.normpath(posixpath.join(workdir or "/", rest.strip("\"'")))
        elif word in ("COPY", "ADD"):
            copies |= _copied(rest, workdir)
        elif word == "ENV":
            env |= _variables(rest)
    return Dockerfile(path, workdir, copies, env, _start(_command(text)))


def _command(text: str) -> list[str]:
    entrypoint, command = list[str](), list[str]()
    for word, rest in _instructions(text):
        if word in ("FROM", "ENTRYPOINT"):
            entrypoint, command = _words(rest) if word == "ENTRYPOINT" else [], []
        elif word == "CMD":
            command = _words(rest)
    return entrypoint + command


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    """Yield each instruction and what follows it, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    for line in re.sub(r"\\[ \t]*\n", " ", "\n".join(lines)).splitlines():
        word, _, rest = line.strip().partition(" ")
        yield word.upper(), rest.strip()


def _words(text: str) -> list[str]:
    """Read a command in either form."""
    for read in (json.loads, shlex.split):
        with suppress(ValueError, TypeError):
            return [str(word) for word in read(text)]
    return []


def _start(words: list[str]) -> Start | None:
    match words:
        case [launcher, "-c", command, *_] if launcher in _LAUNCHERS:
            return start_in(command)
    for place, word in enumerate(words):
        rest = words[place + 1 :]
        if word.rstrip(";").endswith((".py", ".ipynb", ".sh")):
            return Start(word.rstrip(";"), () if word.endswith(";") else _arguments(rest))
        if word == "-m" and rest and "python" in "".join(words[place - 1 : place]):
            return Start(rest[0].replace(".", "/") + ".py", _arguments(rest[1:]))
    return None


def _arguments(words: list[str]) -> tuple[str, ...]:
    """Return the arguments up to where the shell's own words begin."""
    end = next((place for place, word in enumerate(words) if word in _ENDS or _REDIRECTS.match(word)), len(words))
    return () if any("$" in word for word in words[:end]) else tuple(words[:end])


def _copied(rest: str, workdir: str | None) -> dict[str, str]:
    """Return which absolute folder a COPY makes of a whole folder."""
    words = [word for word in _words(rest) if not word.startswith("--")]
    if len(words) != 2:  # noqa: PLR2004  one source, one destination
        return {}
    source, destination = posixpath.normpath(words[0]), posixpath.join(workdir or "/", words[1])
    if "://" in words[0] or posixpath.splitext(source)[1]:
        return {}
    return {posixpath.normpath(destination): source}


def _variables(rest: str) -> dict[str, str]:
    """Read `ENV a=b c=d` and `ENV a b`."""
    words = _words(rest)
    if words and "=" not in words[0]:
        words = [f"{words[0]}={' '.join(words[1:])}"]
    pairs = (word.partition("=") for word in words)
    return {name: value for name, sign, value in pairs if sign and "$" not in value}
