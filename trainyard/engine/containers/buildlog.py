"""The log of a build: its end for people, all of it for the operator, and what it means for an author."""

import os
import re
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import IO

from trainyard.errors import SubmissionError

TAIL = 40
KEPT_LINES = 5000
KEPT_FILES = 200
"""How many lines at a build's end are shown, how many are searched for reasons, and how many logs are kept."""

_NONE = re.compile(
    r"Could not find a version that satisfies the requirement (?P<what>[^(]+?)(?: \(from .*?\))? "
    r"\(from versions: (?P<versions>.*)\)"
)
_CLASH = re.compile(r"Cannot install (?P<what>.+) because these package versions have conflicting dependencies")
_NOT_MET = re.compile(r"trainyard: NOT MET (?P<what>.+)")
_AWAY = re.compile(r"Retrying \(Retry\(total=|Temporary failure in name resolution|Connection refused|ReadTimeoutError")
_NO_CPU_BUILD = "trainyard: NO CPU BUILD "
_WAY_OUT = "Change or drop that requirement; or use the images' own versions: requirements = false in trainyard.toml."


class BuildLog:
    """The lines of one build, also written to a file in *folder* unless that is empty."""

    def __init__(self, folder: str, image: str) -> None:
        self.lines: deque[str] = deque(maxlen=KEPT_LINES)
        self._file = _opened(folder, image) if folder else None

    def add(self, text: str) -> None:
        """Add the lines of *text*."""
        self.lines.extend(text.splitlines())
        if self._file:
            with suppress(OSError):  # a full disk does not fail a build
                self._file.write(f"{text}\n")

    def close(self) -> None:
        """Close the file."""
        if self._file:
            with suppress(OSError):
                self._file.close()

    def tail(self) -> str:
        """Return the last lines."""
        return "\n".join(list(self.lines)[-TAIL:])

    def refusal(self) -> SubmissionError | None:
        """Return the author's request that cannot be met; None where the build failed for any other reason."""
        return self._no_python() or self._no_cpu_build() or self._unmet()

    def _no_python(self) -> SubmissionError | None:
        if "trainyard: NO PYTHON" not in self.lines:
            return None
        return SubmissionError(
            "the image of the author's Dockerfile has no `python` of at least 3.7 on its PATH",
            remedy="Start it FROM an image with Python, or drop `dockerfile` from trainyard.toml.",
            reason="image",
        )

    def _no_cpu_build(self) -> SubmissionError | None:
        package = next((line.removeprefix(_NO_CPU_BUILD) for line in self.lines if line.startswith(_NO_CPU_BUILD)), "")
        if not package:
            return None
        return SubmissionError(
            f"torch is installed in its CPU-only build here, and there is no {package} for that build",
            remedy=f"Do without {package}; or ask the operator for its wheel, see docs/images.md.",
            reason="missing_module",
        )

    def _unmet(self) -> SubmissionError | None:
        """Return the requirement that has no suitable wheel, unless the network was at fault."""
        if any(_AWAY.search(line) for line in self.lines):
            return None
        found = next((words for words in map(_in_words, self._decisive()) if words), None)
        return SubmissionError(f"{found}{self._conflict()}", remedy=_WAY_OUT, reason="image") if found else None

    def _decisive(self) -> list[str]:
        """Return the lines of the last attempt that had to succeed."""
        lines = list(self.lines)
        if "trainyard: CANNOT INSTALL" in lines:
            lines = lines[: lines.index("trainyard: CANNOT INSTALL")]
        return lines[::-1]

    def _conflict(self) -> str:
        lines = list(self.lines)
        starts = [number for number, line in enumerate(lines) if line.startswith("The conflict is caused by:")]
        if not starts:
            return ""
        rest = lines[starts[-1] + 1 :]
        end = next((number for number, line in enumerate(rest) if not line.startswith("    ")), len(rest))
        return f": {'; '.join(line.strip() for line in rest[: min(end, 6)])}"


def _in_words(line: str) -> str:
    """Return the meaning of a line of pip's or of our check; "" for most."""
    if found := _NONE.search(line):
        versions = [each for each in found["versions"].split(", ") if each != "none"]
        there = f"there are {', '.join(versions[-8:])}" if versions else "the index has none that is compatible"
        return f"no wheel satisfies the requirement {found['what'].strip()}; {there}"
    if found := _CLASH.search(line):
        return f"the requirements {_short(found['what'])} conflict with each other"
    if found := _NOT_MET.search(line):
        return f"the requirement {found['what']}, which another requirement replaced"
    return ""


def _short(requirements: str) -> str:
    """Omit the many versions that pip has tried of one distribution."""
    names = requirements.replace(" and ", ", ").split(", ")
    tried = dict.fromkeys(name.partition("==")[0] for name in reversed(names))
    return " and ".join(list(tried)[::-1]) if len(names) > len(tried) + 2 else requirements


def _opened(folder: str, image: str) -> IO[str] | None:
    """Open the file for an image's log, and delete the oldest logs."""
    try:
        os.makedirs(folder, exist_ok=True)
        old = sorted(Path(folder).glob("*.log"), key=lambda path: path.stat().st_mtime)
        for path in old[: max(0, len(old) - KEPT_FILES + 1)]:
            path.unlink(missing_ok=True)
        return open(os.path.join(folder, f"{re.sub(r'[^A-Za-z0-9._-]', '_', image)}.log"), "w", encoding="utf-8")
    except OSError:  # a log that cannot be kept must not prevent the build
        return None
