"""Containers that wait, with their libraries imported, for the one run that each will be used for.

Such a container has a volume of its own from its birth on, and labels that cannot change. So when a run takes it, the
run's record is put together from two things that can: the container gets the run's name (the engine gives each name
once, which also decides between two who want the same container), and the trial's volume is made as an empty one whose
labels hold the message and the name of the volume that is really used.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from trainyard.engine import labels, layout
from trainyard.engine.containers import hardening
from trainyard.engine.containers.connection import NOT_FOUND, Connection, status_of, unless_conflict
from trainyard.engine.port import Container, GoneError, Spec, volume_name
from trainyard.errors import EngineUnavailableError
from trainyard.messages import CodeReady
from trainyard.trial import Origin

PREFIX = "trainyard-warm-"
DRAW = ("rich.console", "rich.table", "rich.progress")
"""Modules that draw from the script's random numbers when they are imported, as Keras and scikit-learn do with them.

A container that waits has imported them before anything is seeded. Where some wait, every run does, so that one that
finds none and starts cold gets the same numbers.
"""

MOST_KNOWN = 1000
"""How many containers' messages are remembered, so that they are not asked for at each look."""

USUAL = CodeReady(job="warm", bundle="", origin=Origin(code=""))
"""What most runs ask for: the defaults."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A container that waits, as the engine lists it."""

    name: str
    key: str
    born: float
    runs: bool


def fits(spec: Spec) -> bool:
    """Tell whether a run is one that a container was prepared for: the first of its trial, with nothing unusual.

    Variables and seed of hashes are given to a Python at its start, limits to a container at its birth; older Keras has
    to be there before anything else.
    """
    message = spec.message
    return (
        message.run == 1
        and message.seed == USUAL.seed
        and not spec.environment
        and not spec.setup.compat
        and message.policy.resources.model_copy(update={"hours": USUAL.policy.resources.hours})
        == USUAL.policy.resources
    )


def key_of(image: str, probe: Mapping[str, bytes], *config: str | None) -> str:
    """Return what has to be equal between a container that waits and a run that wants it."""
    digest = hashlib.sha256(repr((image, sorted(probe.items()), config)).encode())
    return digest.hexdigest()[:32]


def new_name() -> str:
    """Return a name for a container that waits, and for its volume."""
    return f"{PREFIX}{uuid.uuid4().hex[:12]}"


def usual_spec(image: str) -> Spec:
    """Return what a container that waits is prepared for."""
    return Spec(USUAL, image, "", ".", (), {}, {})


class Pool:
    """The containers of one installation that wait, and those that were taken."""

    def __init__(self, engine: Connection, installation: str) -> None:
        self._engine = engine
        self._installation = installation
        self._known: dict[str, tuple[Mapping[str, str], float]] = {}
        self._unrecorded: set[str] = set()

    def read(self, inspected: Mapping[str, Any]) -> Container | None:
        """Read what `inspect` says of a container that waited; None while no run has taken it.

        One that was taken and has not got its files yet is as good as created: it is filled and started by whoever
        handles the message.
        """
        name = inspected["Name"].lstrip("/")
        if name.startswith(PREFIX):
            return None
        if inspected["Id"] not in self._known:
            record = self._record(name)
            began = self._began(name)
            if record is None or not began:
                return labels.container(inspected, self._installation, record=record, began=0.0)
            if len(self._known) >= MOST_KNOWN:
                self._known.clear()
            self._known[inspected["Id"]] = (record, began)
        record, began = self._known[inspected["Id"]]
        return labels.container(inspected, self._installation, record=record, began=began)

    def take(self, name: str, key: str, spec: Spec) -> bool:
        """Give the run a container that waits for its like; False where there is none, or the name is taken already."""
        if self._was_taken(name):  # by a trainer that died before the next step
            return self._recorded(name, spec)
        taken = any(each.runs and self._claim(each.name, name) for each in self.waiting(key))
        return taken and self._recorded(name, spec)

    def waiting(self, key: str | None = None) -> list[Waiting]:
        """Return the containers that wait, the oldest first."""
        wanted = labels.WARM if key is None else f"{labels.WARM}={key}"
        filters = {"label": [f"{labels.INSTALLATION}={self._installation}", wanted]}
        with self._engine.answering() as api:
            found = api.containers(all=True, filters=filters)
        listed = [
            Waiting(_name(each), each["Labels"][labels.WARM], each["Created"], each["State"] == "running")
            for each in found
        ]
        return sorted((each for each in listed if each.name.startswith(PREFIX)), key=lambda each: each.born)

    def remove(self, waiting: Waiting) -> None:
        """Remove a container that waits, by its name: one that was taken meanwhile has another."""
        with suppress(GoneError), self._engine.answering() as api:
            api.remove_container(waiting.name, force=True, v=True)

    def remove_volume(self, name: str) -> bool:
        """Remove the volume that a trial's stands for; False while a container has it."""
        with self._engine.answering() as api:
            try:
                api.remove_volume(name)
            except OSError as error:
                return status_of(error) == NOT_FOUND
        return True

    def remove_leavings(self) -> None:
        """Remove volumes whose containers waited and are gone, and containers that were taken and never recorded.

        Such a one was left by a trainer that died; it is removed at the second look, since it may be recorded now.
        """
        ours = f"{labels.INSTALLATION}={self._installation}"
        with self._engine.answering() as api:
            found = api.containers(all=True, filters={"label": [ours, labels.WARM]})
            taken = {_name(each): each["Id"] for each in found if not _name(each).startswith(PREFIX)}
            unrecorded = {container for name, container in taken.items() if self._record(name) is None}
            for container in unrecorded & self._unrecorded:
                api.remove_container(container, force=True, v=True)
            self._unrecorded = unrecorded
            volumes = api.volumes(filters={"label": [ours]})["Volumes"] or []
            used = {labels.inner_volume(each) for each in volumes}
            for name in {each["Name"] for each in volumes if labels.WARM in each["Labels"]} - used:
                unless_conflict(api.remove_volume, name)

    def _claim(self, waiting: str, name: str) -> bool:
        """Rename a container that waits; False where somebody else did, or something has that name."""
        with suppress(GoneError, EngineUnavailableError), self._engine.answering() as api:
            api.rename(waiting, name)
            return True
        return False

    def _was_taken(self, name: str) -> bool:
        with suppress(GoneError), self._engine.answering() as api:
            return labels.WARM in (api.inspect_container(name)["Config"]["Labels"] or {})
        return False

    def _recorded(self, name: str, spec: Spec) -> bool:
        """Note in the trial's volume what its container is for; a trial that has a volume needs another container."""
        with self._engine.answering() as api:
            inner = api.inspect_container(name)["Mounts"]
            own = next(mount["Name"] for mount in inner if mount["Destination"] == hardening.ROOT)
            wanted = labels.of_record(spec, self._installation, own)
            volume = api.create_volume(volume_name(spec.message.job, spec.message.trial), labels=wanted)
            if (volume["Labels"] or {}).get(labels.VOLUME) == own:
                return True
            api.remove_container(name, force=True, v=True)
        return False

    def _record(self, name: str) -> Mapping[str, str] | None:
        """Return the labels of a container's trial's volume, if they hold its message."""
        volume = name.rpartition("-r")[0]
        with suppress(GoneError), self._engine.answering() as api:
            record: Mapping[str, str] = api.inspect_volume(volume)["Labels"] or {}
            return record if labels.MESSAGE in record else None
        return None

    def _began(self, name: str) -> float:
        """Return when a container got the last of its files, 0 before."""
        with suppress(GoneError):
            return self._engine.written(name, f"{hardening.ROOT}/{layout.START}")
        return 0.0


def _name(listed: Mapping[str, Any]) -> str:
    return str(listed["Names"][0]).lstrip("/")
