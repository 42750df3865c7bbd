"""What options take, apart from what they lead to, so that `--help` is quick."""

from __future__ import annotations

from enum import StrEnum


class EngineChoice(StrEnum):
    """What --engine takes."""

    auto = "auto"
    process = "process"
    docker = "docker"


class Needs(StrEnum):
    """What --for takes."""

    run = "run"
    compose = "compose"
    all = "all"
