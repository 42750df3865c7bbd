"""The engine on Docker: a container per run, a named volume per trial, no bind mounts, so that it may be remote."""

import threading
import time
from collections import Counter
from collections.abc import Collection
from contextlib import suppress
from typing import Any

from trainyard.engine import labels, layout
from trainyard.engine.containers import hardening, warm
from trainyard.engine.containers.archive import packed
from trainyard.engine.containers.connection import Connection, unless_conflict
from trainyard.engine.port import (
    MOST_BYTES,
    Container,
    GoneError,
    Output,
    Spec,
    Usage,
    container_name,
    volume_name,
)
from trainyard.errors import EngineUnavailableError, PermanentError
from trainyard.lines import settled

NETWORK = "trainyard-training"
INSTALLATION = "trainyard"
USER = f"{hardening.UID}:{hardening.UID}"
LOOKS = 4
BREATH_SECONDS = 0.3
A_LITTLE = 0.001
"""How many seconds more are requested than wanted, since fractions of a second are rounded on the way."""


class DockerEngine:
    """Runs trainings in hardened containers.

    Args:
        url: The engine's address; `DOCKER_HOST` is ignored.
        probe: The folder of the trainprobe package; its sources go into each volume.
        network: The bridge that trainings join, created on demand; "none" gives them no network.
        installation: Distinguishes the containers of several Trainyards on one engine.
        datasets: The volume with the data sets that all trainings read, created on demand; empty for none.
        warms: Whether warm containers are used, see `keep_warm`.
        timeout: How long one answer of the engine may take, in seconds.
    """

    def __init__(
        self,
        url: str,
        *,
        probe: str,
        network: str = NETWORK,
        installation: str = INSTALLATION,
        datasets: str = "",
        warms: bool = False,
        timeout: float = 60.0,
    ) -> None:
        self._engine = Connection(url, timeout)
        self._probe = probe
        self._network = network
        self._installation = installation
        self._datasets = datasets or None
        self._early = warm.DRAW if warms else ()
        self._ours = {"label": [f"{labels.INSTALLATION}={installation}"]}
        self._pool = warm.Pool(self._engine, installation)
        self._born = time.time()
        self._looked = threading.local()

    def start(self, spec: Spec) -> Container:
        """Create, fill and start the run's container, or adopt the one that is there."""
        message = spec.message
        name = container_name(message.job, message.trial, message.run)
        found = self.find(name) or self._take(name, spec) or self._create(name, spec)
        if found.state == "created":
            self._fill(name, spec)
            found = self._start(name, spec)
        return found

    def find(self, name: str) -> Container | None:
        """Return the container of that name, if it is this installation's."""
        with suppress(GoneError), self._engine.client() as api:
            inspected = api.inspect_container(name)
            if labels.WARM in (inspected["Config"]["Labels"] or {}):
                return self._pool.read(inspected)
            return labels.container(inspected, self._installation)
        return None

    def containers(self) -> list[Container]:
        """Return every container of this installation; one that vanishes meanwhile is omitted."""
        with self._engine.client() as api:
            ids = [each["Id"] for each in api.containers(all=True, filters=self._ours)]
        return [found for found in map(self.find, ids) if found]

    def read(self, container: Container, path: str, most: int = MOST_BYTES) -> bytes | None:
        """Return a file of the container's volume."""
        if not layout.safe(path):
            return None
        try:
            return self._engine.content(container.name, f"{hardening.ROOT}/{path}", most)
        except GoneError:
            self._check_exists(container)
            return None

    def logs(self, container: Container, tail: int = 200) -> str:
        """Return the last lines that the script printed."""
        with self._engine.client() as api:
            return layout.readable(api.logs(container.name, tail=tail), tail)

    def output(self, container: Container, cursor: str = "") -> Output:
        """Return what the script printed after the cursor, a time of the engine's clock."""
        since = {"since": labels.seconds(cursor) - A_LITTLE} if cursor else {}
        with self._engine.client() as api:
            lines = api.logs(container.name, stream=True, follow=False, timestamps=True, tail=layout.LOG_LINES, **since)
            dated = [line.partition(b" ") for line in lines]
        new = [(at, text) for at, _, text in dated if at.decode() > cursor]
        text = b"".join(text for _, text in new)[-layout.LOG_BYTES :]
        return Output(settled(text.decode("utf-8", "replace")), new[-1][0].decode() if new else cursor)

    def usage(self, container: Container) -> Usage | None:
        """Return what the container uses."""
        return labels.usage(self._engine.stats(container.name))

    def last_output(self, container: Container) -> float:
        """Return when the newest line of the log was written or the list of epochs was last added to."""
        with self._engine.client() as api:
            newest = api.logs(container.name, tail=1, timestamps=True)
        return max(container.started, labels.printed_at(newest), self._modified_at(container, layout.EPOCHS))

    def kill(self, name: str) -> None:
        """End a running container at once."""
        with suppress(GoneError), self._engine.client() as api:
            unless_conflict(api.kill, name)

    def remove(self, name: str) -> None:
        """Remove a container that has ended, and the anonymous volumes of its image."""
        found = self.find(name)
        waits = found is not None and found.state == "created"  # for the engine, a warm container is running
        with suppress(GoneError), self._engine.client() as api:
            unless_conflict(api.remove_container, name, v=True, force=waits)

    def volumes(self) -> list[tuple[str, int]]:
        """Return (job, trial) of every volume of this installation."""
        with self._engine.client() as api:
            found = api.volumes(filters=self._ours)["Volumes"] or []
        return sorted(trial for trial in (labels.trial_of(volume["Labels"]) for volume in found) if trial)

    def remove_volume(self, job: str, trial: int) -> None:
        """Remove the trial's volume, and the one that it stands for, unless a container still uses it."""
        name = volume_name(job, trial)
        with suppress(GoneError), self._engine.client() as api:
            inner = labels.inner_volume(api.inspect_volume(name))
            if inner is None or self._pool.remove_volume(inner):
                unless_conflict(api.remove_volume, name)

    def wait_for_change(self, timeout: float) -> bool:
        """Return True when a container started or ended since this thread last called it, or since the creation."""
        since, until = getattr(self._looked, "until", self._born), time.time() + timeout
        filters = {**self._ours, "type": ["container"], "event": ["start", "die"]}
        happened = self._engine.has_event(since, until, filters)
        self._looked.until = min(time.time(), until)
        if not happened and time.time() < until - BREATH_SECONDS:
            time.sleep(
                BREATH_SECONDS
            )  # the stream ended early, perhaps with the engine: look again, but not in a busy loop
            return True
        return happened

    def check(self) -> str:
        """Return the engine's name and version."""
        with self._engine.client() as api:
            version = api.version()
        return f"Docker {version['Version']} (API {version['ApiVersion']})"

    def keep_warm(self, images: Collection[str], count: int, idle: float) -> None:
        """Keep *count* warm containers of each image, and those of other images for *idle* seconds at most."""
        wanted = {self._key(image): image for image in images}
        waiting = self._pool.waiting()
        self._pool.remove_unwanted(waiting, wanted, time.time() + self._engine.facts().ahead - idle)
        ready = Counter(each.key for each in waiting if each.runs)
        for key, image in wanted.items():
            for _ in range(count - ready[key]):
                self._warm_up(image, key)

    def close(self) -> None:
        """Disconnect; containers keep running."""
        self._engine.close()

    def _create(self, name: str, spec: Spec) -> Container:
        """Create the container; where that seems to fail, it may exist all the same (a timeout, another trainer)."""
        try:
            with self._engine.client() as api:
                self._make_network(api)
                volume = volume_name(spec.message.job, spec.message.trial)
                made = api.create_volume(volume, labels=labels.of_volume(spec.message, self._installation))
                marks = labels.of_container(spec, self._installation, self._engine.facts().host)
                arguments = layout.arguments(spec.message.run, hardening.ROOT)
                config = self._config(api, spec, labels.inner_volume(made) or volume, arguments, marks)
                api.create_container_from_config(config, name)
        except EngineUnavailableError:
            found = self._wait_for(name)
            if found is None:
                raise
            return found
        return self._require(name)

    def _take(self, name: str, spec: Spec) -> Container | None:
        taken = warm.fits(spec) and self._pool.take(name, self._key(spec.image), spec)
        return self.find(name) if taken else None

    def _key(self, image: str) -> str:
        return warm.key_of(image, layout.read_package(self._probe), self._network, self._datasets)

    def _warm_up(self, image: str, key: str) -> None:
        """Start one more warm container, configured like that of a run as far as that is known."""
        name, spec = warm.new_name(), Spec(warm.USUAL, image, "", ".", (), {}, {})
        marks = {labels.INSTALLATION: self._installation, labels.WARM: key, labels.HOST: self._engine.facts().host}
        probe = {f"{layout.PROBE}/trainprobe/{path}": data for path, data in layout.read_package(self._probe).items()}
        with self._engine.client() as api:
            self._make_network(api)
            api.create_volume(name, labels=marks)
            config = self._config(api, spec, name, layout.waiting(hardening.ROOT), marks)
            api.create_container_from_config(config, name)
            api.put_archive(name, hardening.ROOT, packed(layout.folders(spec), probe, hardening.UID))
            api.start(name)

    def _wait_for(self, name: str) -> Container | None:
        """Look for a container that another trainer may be creating: its name is taken before it is listed."""
        for _ in range(LOOKS):
            found = self.find(name)
            if found:
                return found
            time.sleep(BREATH_SECONDS)
        return None

    def _config(self, api: Any, spec: Spec, volume: str, arguments: list[str], marks: dict[str, str]) -> Any:
        resources, cpus = spec.message.policy.resources, self._engine.facts().cpus
        return api.create_container_config(
            spec.image,
            arguments,
            entrypoint=["python"],
            user=USER,
            working_dir=f"{hardening.ROOT}/{layout.run_folder(spec.message.run)}",
            environment={"HOME": f"{hardening.ROOT}/{layout.HOME}", **layout.environment(spec, hardening.ROOT, cpus)},
            labels=marks,
            host_config=api.create_host_config(
                **hardening.options(resources, volume, self._network, cpus, datasets=self._datasets)
            ),
        )

    def _make_network(self, api: Any) -> None:
        if self._network == hardening.NO_NETWORK or self._networks(api):
            return
        unless_conflict(
            api.create_network,
            self._network,
            driver="bridge",
            check_duplicate=True,
            options=hardening.NETWORK_OPTIONS,
            labels={labels.INSTALLATION: self._installation},
        )
        self._one_network(api)

    def _one_network(self, api: Any) -> None:
        """Keep the oldest of several bridges of one name: two trainers may both have found none and created one."""
        for spare in self._networks(api)[1:]:
            with suppress(EngineUnavailableError), self._engine.client():
                api.remove_network(spare)

    def _networks(self, api: Any) -> list[str]:
        """Return the ids of the bridges for trainings, the oldest first."""
        found = [each for each in api.networks(names=[self._network]) if each["Name"] == self._network]
        return [each["Id"] for each in sorted(found, key=lambda each: (each["Created"], each["Id"]))]

    def _fill(self, name: str, spec: Spec) -> None:
        datasets = hardening.DATASETS if self._datasets else None
        files = layout.contents(spec, layout.read_package(self._probe), hardening.ROOT, datasets, self._early)
        with self._engine.client() as api:
            api.put_archive(name, hardening.ROOT, packed(layout.folders(spec), files, hardening.UID))

    def _start(self, name: str, spec: Spec) -> Container:
        """Start the container; where that seems to fail, it may be running all the same."""
        try:
            with self._engine.client() as api:
                self._start_in_network(api, name)
        except EngineUnavailableError as error:
            if self._require(name).state == "created":
                self._refuse_devices(spec, str(error))
                raise
        return self._require(name)

    def _start_in_network(self, api: Any, name: str) -> None:
        """Start the container; again where another trainer had just created a second network of the same name."""
        try:
            api.start(name)
        except OSError as error:
            if "is ambiguous" not in str(getattr(error, "explanation", "")):
                raise
            self._one_network(api)
            api.start(name)

    def _refuse_devices(self, spec: Spec, problem: str) -> None:
        """Raise PermanentError where the engine lacks the requested GPUs: another try cannot help."""
        gpus = spec.message.policy.resources.gpus
        if gpus and hardening.lacks_devices(problem):
            requested = f'"{gpus}"' if isinstance(gpus, str) else gpus
            raise PermanentError(
                f"resources.gpus = {requested}, but {self._engine.facts().host} has too few GPUs for containers "
                f"({problem}); omit the setting, or let the operator install the engine's container toolkit"
            )

    def _require(self, name: str) -> Container:
        found = self.find(name)
        if found is None:
            raise GoneError(f"the container {name} is gone")
        return found

    def _check_exists(self, container: Container) -> None:
        """Raise GoneError where the container is missing, not only the file: the engine answers 404 for both."""
        with self._engine.client() as api:
            api.inspect_container(container.name)

    def _modified_at(self, container: Container, name: str) -> float:
        """Return when a file of the run was last written, 0 if it does not exist."""
        path = f"{hardening.ROOT}/{layout.run_folder(container.message.run)}/{name}"
        try:
            return self._engine.modified_at(container.name, path)
        except GoneError:
            self._check_exists(container)
            return 0.0
