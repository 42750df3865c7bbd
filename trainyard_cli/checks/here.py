"""Checks of what an embedded run needs on this machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from trainyard_cli.checks.finding import Finding, missing

SERVICES = {"sqlalchemy": "evaluator", "libcst": "tweaker", "docker": "trainer"}
TRAINING = ("tensorflow", "keras", "sklearn", "pandas")
ENOUGH_GIB = 5.0
GIB = 2**30


def there(module: str) -> bool:
    """Tell whether this Python finds *module*, without importing it."""
    return find_spec(module) is not None


def services(found: Callable[[str], bool] = there) -> Finding:
    """Look for the libraries of the services that run embedded."""
    lacking = [f"{module} (for the {service})" for module, service in SERVICES.items() if not found(module)]
    if lacking:
        return missing("services", f"not installed: {', '.join(lacking)}", "pip install 'trainyard[services]'")
    return Finding("services", "all libraries of the embedded services are installed")


def training(found: Callable[[str], bool] = there) -> Finding:
    """Look for the libraries with which scripts train in child processes; Docker can stand in."""
    lacking = [module for module in TRAINING if not found(module)]
    if lacking:
        remedy = "pip install 'trainyard[local]', or train in Docker: trainyard run PATH --engine docker"
        return missing("training packages", f"not installed: {', '.join(lacking)}", remedy, needed=False)
    return Finding("training packages", f"{', '.join(TRAINING)} are installed")


def storage(folder: Path) -> Finding:
    """Try whether `.trainyard/` below *folder* can be written."""
    try:
        with tempfile.TemporaryDirectory(prefix=".trainyard-", dir=folder):
            return Finding("storage", f"{folder / '.trainyard'} can be written")
    except OSError as error:
        remedy = "Run trainyard in a folder that you may write to."
        return missing("storage", f"{folder} cannot be written: {error.strerror}", remedy)


def disk(folder: Path, free: Callable[[Path], int] | None = None) -> Finding:
    """Look at the free space below *folder*; models, images and checkpoints need some."""
    gib = (free(folder) if free else shutil.disk_usage(folder).free) / GIB
    if gib < ENOUGH_GIB:
        remedy = (
            f"Make room: {ENOUGH_GIB:g} GiB or more. `docker system prune` and old folders in .trainyard/jobs help."
        )
        return missing("disk", f"{gib:.1f} GiB free", remedy)
    return Finding("disk", f"{gib:.0f} GiB free")


def ways_to_train(findings: Sequence[Finding]) -> Finding:
    """Say whether any of *findings* (training packages, Docker) is a way to train."""
    ways = [finding.name for finding in findings if finding.well]
    if not ways:
        remedy = "pip install 'trainyard[local]', or start a Docker engine."
        return missing("a way to train", "neither training packages nor a Docker engine", remedy)
    return Finding("a way to train", " and ".join(ways))
