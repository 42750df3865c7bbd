"""What options take, apart from what they lead to, so that `--help` is quick."""

from __future__ import annotations

from enum import StrEnum


class EngineChoice(StrEnum):
    """What --engine takes."""

    auto = "auto"
    process = "process"
    docker = "docker"


class Library(StrEnum):
    """What datasets --for takes: the folders of `trainyard.engine.containers.datasets`."""

    keras = "keras"
    sklearn = "sklearn"
    torch = "torch"


class Needs(StrEnum):
    """What --for takes."""

    run = "run"
    compose = "compose"
    all = "all"
