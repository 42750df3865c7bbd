"""A problem: a folder of an author's code with its settings."""

import importlib.util
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from trainyard.policy import FILE, Policy, read_policy

NEEDS = "# needs: "


@dataclass(frozen=True)
class Problem:
    """A folder of an author's code.

    Attributes:
        name: The folder's.
        files: What is in it.
    """

    name: str
    files: dict[str, bytes]

    @cached_property
    def policy(self) -> Policy:
        """What its author asks for."""
        return read_policy(self._settings)

    @cached_property
    def entrypoint(self) -> str:
        """The script that is run."""
        return self.policy.entrypoint or next(name for name in self.files if name.endswith(".py"))

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """Modules, or files of data sets, without which it cannot be trained: a comment in its settings names them."""
        lines = [line.removeprefix(NEEDS) for line in self._settings.splitlines() if line.startswith(NEEDS)]
        return tuple(" ".join(lines).split())

    @property
    def _settings(self) -> str:
        return self.files[FILE].decode()

    def can_be_trained(self, datasets: Path | None) -> bool:
        """Return whether all is there that it needs."""
        return all(_is_file(need, datasets) if "." in need else _is_module(need) for need in self.needs)


def _is_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _is_file(name: str, datasets: Path | None) -> bool:
    return datasets is not None and any((datasets / "keras").rglob(name))
