"""Checks of what an embedded run needs on this machine."""

import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from trainyard.engine.port import EngineBusyError
from trainyard.errors import TrainyardError
from trainyard_cli import engines
from trainyard_cli.finding import Finding, missing
from trainyard_cli.settings import CliSettings

SERVICES = {"sqlalchemy": "evaluator", "libcst": "tweaker", "docker": "trainer"}
TRAINING = ("tensorflow", "keras", "sklearn", "pandas")
ENOUGH_GIB = 5.0
GIB = 2**30


def checks(settings: CliSettings) -> list[Finding]:
    """Check what `trainyard run` needs: one way to train is enough."""
    folder = Path.cwd()
    ways = [training(), replace(engine(lambda: engines.version(settings)), needed=False)]
    return [services(), *ways, ways_to_train(ways), storage(folder), disk(folder)]


def services(is_installed: Callable[[str], bool] = engines.is_installed) -> Finding:
    """Check the libraries of the services that run embedded."""
    absent = [f"{module} (for the {service})" for module, service in SERVICES.items() if not is_installed(module)]
    if absent:
        return missing("services", f"not installed: {', '.join(absent)}", "pip install 'trainyard[services]'")
    return Finding("services", "all libraries of the embedded services are installed")


def training(is_installed: Callable[[str], bool] = engines.is_installed) -> Finding:
    """Check the libraries with which scripts train in child processes; Docker can replace them."""
    absent = [module for module in TRAINING if not is_installed(module)]
    if absent:
        remedy = "pip install 'trainyard[local]', or train in Docker: trainyard run PATH --engine docker"
        return missing("training packages", f"not installed: {', '.join(absent)}", remedy, needed=False)
    return Finding("training packages", f"{', '.join(TRAINING)} are installed")


def engine(version: Callable[[], str]) -> Finding:
    """Check the container engine; *version* asks it for its version."""
    try:
        return Finding("container engine", version())
    except EngineBusyError as error:
        return missing("container engine", str(error), engines.BUSY)
    except TrainyardError as error:
        remedy = "Start Docker, and make sure that you may use its socket; or set TRAINYARD_ENGINE_URL."
        return missing("container engine", str(error), remedy)


def ways_to_train(findings: Sequence[Finding]) -> Finding:
    """Check that at least one of *findings* (training packages, Docker) is a way to train."""
    ways = [finding.name for finding in findings if finding.ok]
    if not ways:
        remedy = "pip install 'trainyard[local]', or start a Docker engine."
        return missing("a way to train", "neither training packages nor a Docker engine", remedy)
    return Finding("a way to train", " and ".join(ways))


def storage(folder: Path) -> Finding:
    """Check that `.trainyard/` below *folder* can be written."""
    try:
        with tempfile.TemporaryDirectory(prefix=".trainyard-", dir=folder):
            return Finding("storage", f"{folder / '.trainyard'} is writable")
    except OSError as error:
        remedy = "Run trainyard in a folder where you have write permission."
        return missing("storage", f"{folder} is not writable: {error.strerror}", remedy)


def disk(folder: Path, free: Callable[[Path], int] | None = None) -> Finding:
    """Check the free space below *folder*; models, images and checkpoints need some."""
    gib = (free(folder) if free else shutil.disk_usage(folder).free) / GIB
    if gib < ENOUGH_GIB:
        remedy = f"Free {ENOUGH_GIB:g} GiB or more: `docker system prune`, or delete old folders in .trainyard/jobs."
        return missing("disk", f"{gib:.1f} GiB free", remedy)
    return Finding("disk", f"{gib:.0f} GiB free")
