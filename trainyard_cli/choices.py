"""The values that options accept, apart from the code that they lead to, so that `--help` is quick."""

from enum import StrEnum


class EngineChoice(StrEnum):
    """Values of --engine."""

    auto = "auto"
    process = "process"
    docker = "docker"


class Library(StrEnum):
    """Values of --for of `datasets add`: the folders of `trainyard.engine.containers.datasets`."""

    keras = "keras"
    sklearn = "sklearn"
    torch = "torch"


class Needs(StrEnum):
    """Values of --for of `doctor`."""

    run = "run"
    compose = "compose"
    all = "all"
