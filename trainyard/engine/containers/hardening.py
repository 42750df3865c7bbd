"""How a training is isolated from everything but its own volume: the security policy of its container."""

from typing import Any, Literal

from trainyard.policy import Resources, in_bytes

UID = 10001
ROOT = "/trainyard"
DATASETS = "/datasets"
NO_NETWORK = "none"
LEAST_MEMORY = 6 << 20
"""Docker accepts no smaller limit."""

ALL_OF_THEM = -1
NO_DEVICE = ("could not select device driver", "nvidia-container-cli", "unresolvable CDI devices")
"""How engines report that they cannot provide the GPUs that a container requests."""

NETWORK_OPTIONS = {"com.docker.network.bridge.enable_icc": "false"}
"""Trainings reach the package registries and data sets, but not one another."""


def devices(gpus: int | Literal["all"]) -> list[dict[str, Any]]:
    """Return the device requests of a container: a number of GPUs, or all of them."""
    count = ALL_OF_THEM if gpus == "all" else gpus
    return [{"driver": "", "count": count, "capabilities": [["gpu"]]}] if count else []


def lacks_devices(message: str) -> bool:
    """Return whether the engine's message means that it has not enough GPUs for the container."""
    return any(words in message for words in NO_DEVICE)


def options(
    resources: Resources, volume: str, network: str, cpus: int, *, datasets: str | None = None
) -> dict[str, Any]:
    """Return the arguments for docker-py's `create_host_config`.

    *cpus* is the number of the engine's processors: it refuses a container that requests more. *datasets* is a volume,
    or a folder of the engine's host.
    """
    memory = max(in_bytes(resources.memory), LEAST_MEMORY)
    shared = {datasets: {"bind": DATASETS, "mode": "ro"}} if datasets else {}
    return {
        "binds": {volume: {"bind": ROOT, "mode": "rw"}, **shared},
        "network_mode": network,
        "read_only": True,
        "tmpfs": {"/tmp": "rw,exec,nosuid,nodev,size=1g,mode=1777"},  # noqa: S108  the container's own
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "init": True,  # reaps what a script leaves behind and passes signals on
        "pids_limit": 4096,
        "mem_limit": memory,
        "memswap_limit": memory,  # equal: no swap
        "nano_cpus": int(min(resources.cpus or cpus, cpus) * 1e9),
        "shm_size": min(memory, in_bytes(resources.shm or "1g")),  # the processes of a data loader pass data through it
        "device_requests": devices(resources.gpus),
        "oom_score_adj": 500,  # where the host runs out of memory, a training is killed before a service
        "restart_policy": {"Name": "no"},
        "auto_remove": False,  # it would destroy the evidence
        "log_config": {"type": "json-file", "config": {"max-size": "10m", "max-file": "2"}},
    }
