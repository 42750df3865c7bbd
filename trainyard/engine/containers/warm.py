"""Warm containers, which wait with their libraries imported for the one run that each will be used for.

Such a container has its own volume from the start, and labels that cannot change. So when a run takes it, the run's
record is made of two things that can: the container gets the run's name (names are unique on the engine, which also
decides between two that want the same container), and the trial's volume is created as an empty one whose labels hold
the message and the name of the volume that is really used.
"""

import hashlib
import uuid
from collections.abc import Collection, Iterable, Mapping
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
"""Modules that draw random numbers when they are imported, as Keras and scikit-learn do.

A warm container has imported them before anything is seeded. Where warm containers are used, every run imports them
early, so that one that starts cold gets the same numbers.
"""

MOST_KNOWN = 1000
"""How many containers' messages are cached, so that they are not requested every time."""

USUAL = CodeReady(job="warm", bundle="", origin=Origin(code=""))
"""What most runs request: the defaults."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A warm container as the engine lists it."""

    name: str
    key: str
    born: float
    runs: bool


def fits(spec: Spec) -> bool:
    """Return whether a run can use a warm container: the first of its trial, with nothing unusual.

    A Python gets its variables and hash seed at its start, a container its limits at its creation; older Keras has to
    be imported before anything else.
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
    """Return what has to be equal for a run to take a warm container."""
    digest = hashlib.sha256(repr((image, sorted(probe.items()), config)).encode())
    return digest.hexdigest()[:32]


def new_name() -> str:
    """Return a name for a warm container and its volume."""
    return f"{PREFIX}{uuid.uuid4().hex[:12]}"


class Pool:
    """The warm containers of one installation, and those that were taken."""

    def __init__(self, engine: Connection, installation: str) -> None:
        self._engine = engine
        self._installation = installation
        self._known: dict[str, tuple[Mapping[str, str], float]] = {}
        self._unrecorded: set[str] = set()

    def read(self, inspected: Mapping[str, Any]) -> Container | None:
        """Return a warm container by what `inspect` says, or None while no run has taken it.

        One that was taken but has no files yet counts as created: the handler of its message fills and starts it.
        """
        name = inspected["Name"].lstrip("/")
        if name.startswith(PREFIX):
            return None
        known = self._known.get(inspected["Id"])
        record, began = known or (self._record(name), self._began(name))
        if record is None or not began:
            return labels.container(inspected, self._installation, record=record, began=0.0)
        if known is None and len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[inspected["Id"]] = (record, began)
        return labels.container(inspected, self._installation, record=record, began=began)

    def take(self, name: str, key: str, spec: Spec) -> bool:
        """Rename a suitable container for the run; False where there is none, or the name is already taken."""
        if self._was_taken(name):  # by a trainer that died before the next step
            return self._recorded(name, spec)
        taken = any(each.runs and self._claim(each.name, name) for each in self.waiting(key))
        return taken and self._recorded(name, spec)

    def waiting(self, key: str | None = None) -> list[Waiting]:
        """Return the warm containers, the oldest first."""
        wanted = labels.WARM if key is None else f"{labels.WARM}={key}"
        filters = {"label": [f"{labels.INSTALLATION}={self._installation}", wanted]}
        with self._engine.client() as api:
            found = api.containers(all=True, filters=filters)
        listed = [
            Waiting(_name(each), each["Labels"][labels.WARM], each["Created"], each["State"] == "running")
            for each in found
        ]
        return sorted((each for each in listed if each.name.startswith(PREFIX)), key=lambda each: each.born)

    def remove_unwanted(self, waiting: Iterable[Waiting], wanted: Collection[str], oldest: float) -> None:
        """Remove what has stopped, has no *wanted* key and was born before *oldest*, or was left by a dead trainer.

        Containers are removed by their name: one that was taken meanwhile has another.
        """
        for each in waiting:
            if not each.runs or (each.key not in wanted and each.born <= oldest):
                with suppress(GoneError), self._engine.client() as api:
                    api.remove_container(each.name, force=True, v=True)
        self._remove_leftovers()

    def remove_volume(self, name: str) -> bool:
        """Remove the volume that a trial's stands for; False while a container uses it."""
        with self._engine.client() as api:
            try:
                api.remove_volume(name)
            except OSError as error:
                return status_of(error) == NOT_FOUND
        return True

    def _remove_leftovers(self) -> None:
        """Remove containers that were taken and never recorded, and the volumes of warm containers that are gone."""
        ours = f"{labels.INSTALLATION}={self._installation}"
        with self._engine.client() as api:
            self._remove_unrecorded(api, ours)
            volumes = api.volumes(filters={"label": [ours]})["Volumes"] or []
            used = {labels.inner_volume(each) for each in volumes}
            for name in {each["Name"] for each in volumes if labels.WARM in each["Labels"]} - used:
                unless_conflict(api.remove_volume, name)

    def _remove_unrecorded(self, api: Any, ours: str) -> None:
        """Remove what a trainer that died had taken; only at the second look, since it may be recorded just now."""
        names = {each["Id"]: _name(each) for each in api.containers(all=True, filters={"label": [ours, labels.WARM]})}
        taken = {container for container, name in names.items() if not name.startswith(PREFIX)}
        unrecorded = {container for container in taken if self._record(names[container]) is None}
        for container in unrecorded & self._unrecorded:
            api.remove_container(container, force=True, v=True)
        self._unrecorded = unrecorded

    def _claim(self, waiting: str, name: str) -> bool:
        """Rename a warm container; False where somebody else did, or the name is taken."""
        with suppress(GoneError, EngineUnavailableError), self._engine.client() as api:
            api.rename(waiting, name)
            return True
        return False

    def _was_taken(self, name: str) -> bool:
        with suppress(GoneError), self._engine.client() as api:
            return labels.WARM in (api.inspect_container(name)["Config"]["Labels"] or {})
        return False

    def _recorded(self, name: str, spec: Spec) -> bool:
        """Record in the trial's volume what its container is for; a trial that has a volume needs another container."""
        with self._engine.client() as api:
            inner = api.inspect_container(name)["Mounts"]
            own = next(mount["Name"] for mount in inner if mount["Destination"] == hardening.ROOT)
            wanted = labels.of_record(spec, self._installation, own)
            volume = api.create_volume(volume_name(spec.message.job, spec.message.trial), labels=wanted)
            if (volume["Labels"] or {}).get(labels.VOLUME) == own:
                return True
            api.remove_container(name, force=True, v=True)
        return False

    def _record(self, name: str) -> Mapping[str, str] | None:
        """Return the labels of the volume of a container's trial, if they hold its message."""
        volume = name.rpartition("-r")[0]
        with suppress(GoneError), self._engine.client() as api:
            record: Mapping[str, str] = api.inspect_volume(volume)["Labels"] or {}
            return record if labels.MESSAGE in record else None
        return None

    def _began(self, name: str) -> float:
        """Return when a container got the last of its files, or 0."""
        with suppress(GoneError):
            return self._engine.modified_at(name, f"{hardening.ROOT}/{layout.START}")
        return 0.0


def _name(listed: Mapping[str, Any]) -> str:
    return str(listed["Names"][0]).lstrip("/")
