"""How a site reaches packages: its index, its proxy, its certificate authorities, and local wheels."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from trainyard.errors import ImageBuildError
from trainyard.settings import BuildSettings

FOLDER = "site"
"""Its folder in a build's context."""

_SEPARATORS = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True)
class Site:
    """What image builds need so that pip works in them as it does outside; fields as in `BuildSettings`."""

    index: str = ""
    extra_indexes: tuple[str, ...] = ()
    trusted_hosts: tuple[str, ...] = ()
    ca_bundle: str = ""
    wheels: str = ""
    proxies: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: BuildSettings) -> Site:
        """Return the site that the settings describe."""
        return cls(
            index=settings.trainer_pip_index_url,
            extra_indexes=tuple(settings.trainer_pip_extra_index_url.split()),
            trusted_hosts=tuple(settings.trainer_pip_trusted_host.split()),
            ca_bundle=settings.trainer_ca_bundle,
            wheels=settings.trainer_wheels,
            proxies=settings.proxies(),
        )

    def files(self, requirements: Iterable[str]) -> dict[str, bytes]:
        """Return the files for the context of a build that installs *requirements*; only wheels that they name.

        Raises:
            ImageBuildError: A file cannot be read.
        """
        wheels = (name for name in self._listed() if _distribution(name) in {normal(each) for each in requirements})
        return {
            f"{FOLDER}/pip.conf": self._configuration().encode(),
            f"{FOLDER}/ca.crt": _read(self.ca_bundle) if self.ca_bundle else b"",
            **{f"{FOLDER}/wheels/{name}": _read(os.path.join(self.wheels, name)) for name in wheels},
        }

    def _configuration(self) -> str:
        """Return pip's configuration; a build cannot reach a `file:` index."""
        reachable = [each for each in self.extra_indexes if urlsplit(each).scheme != "file"]
        lines = [f"index-url = {self.index}"] if self.index and urlsplit(self.index).scheme != "file" else []
        lines += [f"extra-index-url = {' '.join(reachable)}"] if reachable else []
        lines += [f"trusted-host = {' '.join(self.trusted_hosts)}"] if self.trusted_hosts else []
        return "\n".join(["[global]", *lines, ""]) if lines else ""

    def _listed(self) -> list[str]:
        """Return the names of the wheels; a missing folder has none."""
        if not self.wheels or not os.path.isdir(self.wheels):
            return []
        return sorted(name for name in os.listdir(self.wheels) if name.endswith(".whl"))


def normal(requirement: str) -> str:
    """Return the distribution that a requirement names, as indexes compare names."""
    return _SEPARATORS.sub("-", re.split(r"[^\w.-]", requirement.strip(), maxsplit=1)[0]).lower()


def _distribution(wheel: str) -> str:
    return normal(wheel.partition("-")[0])


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise ImageBuildError(f"a file that image builds need cannot be read: {error}") from error
