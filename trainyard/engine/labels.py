"""The labels of containers and volumes: the message of a run, but not its progress, since labels are immutable."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from trainyard.engine.port import UNKNOWN_KIND, Container, Spec, State, Usage
from trainyard.messages import CodeReady

JOB = "trainyard.job"
TRIAL = "trainyard.trial"
RUN = "trainyard.run"
KIND = "trainyard.kind"
MESSAGE = "trainyard.message"
HOST = "trainyard.host"
INSTALLATION = "trainyard.installation"
WARM = "trainyard.warm"
VOLUME = "trainyard.volume"

STATES: dict[str, State] = {
    "created": "created",
    "running": "running",
    "paused": "running",
    "restarting": "running",
}
"""Our states by Docker's; any other (exited, dead, removing) is an end."""


def of_volume(message: CodeReady, installation: str) -> dict[str, str]:
    """Return the labels of a trial's volume."""
    return {JOB: message.job, TRIAL: str(message.trial), INSTALLATION: installation}


def of_record(spec: Spec, installation: str, volume: str) -> dict[str, str]:
    """Return the labels of a trial's volume that stands for another one, which was labelled before its trial."""
    return {**of_volume(spec.message, installation), **_of_run(spec), VOLUME: volume}


def of_container(spec: Spec, installation: str, host: str) -> dict[str, str]:
    """Return the labels of a run's container."""
    return {
        **of_volume(spec.message, installation),
        **_of_run(spec),
        RUN: str(spec.message.run),
        HOST: host,
    }


def _of_run(spec: Spec) -> dict[str, str]:
    return {MESSAGE: spec.message.model_dump_json(), KIND: spec.kind}


def inner_volume(volume: Mapping[str, Any]) -> str | None:
    """Return the volume that this one stands for, if any."""
    return (volume.get("Labels") or {}).get(VOLUME)


def trial_of(labels: Mapping[str, str] | None) -> tuple[str, int] | None:
    """Return job and trial of a labelled volume."""
    job, trial = (labels or {}).get(JOB), (labels or {}).get(TRIAL, "")
    return (job, int(trial)) if job and trial.isdigit() else None


def container(
    inspected: Mapping[str, Any],
    installation: str,
    *,
    record: Mapping[str, str] | None = None,
    began: float | None = None,
) -> Container | None:
    """Return an inspected container, or None for one that is not a run of this installation.

    Args:
        inspected: The engine's answer.
        installation: Ours.
        record: The labels of the volume that replace those of a container that waited for its run.
        began: When the run began where that was after the container's start; 0 if it did not yet.
    """
    labels, state = {**(inspected["Config"].get("Labels") or {}), **(record or {})}, inspected["State"]
    if labels.get(INSTALLATION) != installation:
        return None
    try:
        message = CodeReady.model_validate_json(labels.get(MESSAGE, ""))
    except ValidationError:
        return None
    mapped = _state(state["Status"], began)
    return Container(
        name=inspected["Name"].lstrip("/"),
        message=message,
        state=mapped,
        exit_code=state["ExitCode"] if mapped == "exited" else None,
        out_of_memory=bool(state.get("OOMKilled")),
        started=seconds(state["StartedAt"]) if began is None else began,
        finished=seconds(state["FinishedAt"]) if mapped == "exited" else 0.0,
        host=labels.get(HOST, ""),
        kind=labels.get(KIND, UNKNOWN_KIND),
    )


def _state(status: str, began: float | None) -> State:
    """Return our state; a container that waited counts as created until its run began."""
    return "created" if began == 0 else STATES.get(status, "exited")


def seconds(timestamp: str) -> float:
    """Return an engine's timestamp in seconds since 1970; the year 1, which means never, is 0."""
    return max(0.0, datetime.fromisoformat(timestamp).timestamp()) if not timestamp.startswith("0001-") else 0.0


def usage(stats: Mapping[str, Any]) -> Usage | None:
    """Return what a container uses by the engine's statistics, or None for one that has ended.

    Cached files, which the kernel frees on demand, do not count.
    """
    memory = stats.get("memory_stats") or {}
    if "usage" not in memory:
        return None
    details = memory.get("stats") or {}
    files = details.get("total_inactive_file", details.get("inactive_file", 0))  # control groups of version 1, and 2
    return Usage(
        memory=max(0, memory["usage"] - files),
        memory_limit=memory.get("limit"),
        cpu_seconds=stats["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9,
    )


def printed_at(line: bytes) -> float:
    """Return when a line of the log was printed, by the timestamp that it starts with; 0 without one."""
    try:
        return seconds(line.partition(b" ")[0].decode())
    except ValueError:  # nothing was printed yet, or the engine's log is damaged: other signs of life have to suffice
        return 0.0
