"""Containers that wait for a run: used once, for one that fits, and never mistaken for one."""

from __future__ import annotations

import dataclasses
import threading
from typing import Any

import pytest

from tests.contract.engines import IMAGE, MEASURES, PROBE, URL, WAITS, Yard, docker_api, docker_yard
from trainyard.engine import labels
from trainyard.engine.containers.engine import DockerEngine
from trainyard.engine.port import Container, running
from trainyard.engine.verdict import ending
from trainyard.messages import CodeReady
from trainyard.policy import Resources
from trainyard.testing import eventually

__all__ = ["docker_api", "docker_yard"]  # fixtures

LATER = 3600.0
WHO = "import os\nprint('pid of', os.getppid(), os.uname().nodename)\nopen('left.txt', 'w').write('mine')\n" + MEASURES


@dataclasses.dataclass(frozen=True)
class WarmYard:
    """An engine with containers that wait."""

    yard: Yard
    engine: DockerEngine
    api: Any

    def waiting(self) -> list[str]:
        """Return the ids of what waits."""
        return [each["Id"] for each in self._ours() if each["Names"][0].startswith("/trainyard-warm-")]

    def id_of(self, container: Container) -> str:
        """Return the engine's id of a run's container."""
        return str(self.api.inspect_container(container.name)["Id"])

    def volumes(self) -> list[str]:
        """Return the names of all volumes."""
        ours = {"label": f"trainyard.installation={self.yard.job}"}
        return sorted(each["Name"] for each in self.api.volumes(filters=ours)["Volumes"] or [])

    def usual(self, script: str = MEASURES, **changes: Any) -> Any:
        """Describe a run as most are."""
        return dataclasses.replace(self.yard.spec(script, resources=Resources(), **changes), environment={})

    def again(self) -> DockerEngine:
        """Return another engine object, as a trainer has after its restart."""
        return DockerEngine(URL, probe=PROBE, installation=self.yard.job)

    def _ours(self) -> Any:
        return self.api.containers(all=True, filters={"label": f"trainyard.installation={self.yard.job}"})


@pytest.fixture
def warm(docker_yard: Yard, docker_api: Any) -> WarmYard:
    """One container waits."""
    engine = docker_yard.engine
    assert isinstance(engine, DockerEngine)
    engine.keep_warm([IMAGE], 1, LATER)
    return WarmYard(docker_yard, engine, docker_api)


class TestTaken:
    def test_runs_what_it_is_given(self, warm: WarmYard) -> None:
        """The very container that waited gets the run's name, code, message and kind; its time counts from there."""
        (waiting,) = warm.waiting()
        spec = warm.usual(WHO)

        started = warm.engine.start(spec)
        ended = warm.yard.ended(started)

        assert (warm.id_of(started), started.name, started.message, started.kind) == (
            waiting,
            f"trainyard-{warm.yard.job}-t1-r1",
            spec.message,
            spec.kind,
        )
        assert (started.state, ending(warm.engine, ended), ended.exit_code) == ("running", "succeeded", 0)
        assert ended.started > labels.seconds(warm.api.inspect_container(ended.name)["State"]["StartedAt"])
        assert warm.engine.read(ended, "code/left.txt") == b"mine"

    def test_is_known_to_others_after_a_restart(self, warm: WarmYard) -> None:
        """Name and volume are the record; nothing of it is in a memory."""
        started = warm.engine.start(warm.usual(WAITS))

        again = warm.again()

        assert again.containers() == [started]
        assert again.volumes() == [(warm.yard.job, 1)]
        assert again.start(warm.usual(WAITS)) == started
        again.close()

    def test_is_used_once(self, warm: WarmYard) -> None:
        """The next run gets another, or a cold one; volumes are never shared between trials."""
        first = warm.engine.start(warm.usual(WHO))
        second = warm.engine.start(warm.usual(WHO, trial=2))
        warm.engine.keep_warm([IMAGE], 1, LATER)

        third = warm.engine.start(warm.usual(WHO, trial=3))

        mounts = {warm.api.inspect_container(each.name)["Mounts"][0]["Name"] for each in (first, second, third)}
        assert len(mounts) == 3
        assert len({warm.id_of(each) for each in (first, second, third)}) == 3
        assert warm.waiting() == []

    def test_leaves_its_volume_to_the_next_run(self, warm: WarmYard) -> None:
        """A run after a crash finds the checkpoints, also when the first one's container is gone."""
        first = warm.yard.ended(warm.engine.start(warm.usual("open('../checkpoints/x', 'w').write('1')\n" + MEASURES)))
        warm.engine.remove(first.name)

        second = warm.yard.ended(warm.engine.start(warm.usual("print(open('../checkpoints/x').read())\n", run=2)))

        assert "1" in warm.engine.logs(second).splitlines()

    def test_goes_with_its_volumes(self, warm: WarmYard) -> None:
        """In use they stay; then nothing is left of the trial."""
        started = warm.engine.start(warm.usual(WAITS))
        warm.engine.remove_volume(warm.yard.job, 1)
        in_use = warm.volumes()
        warm.engine.kill(started.name)
        warm.yard.ended(started)

        warm.engine.remove(started.name)
        warm.engine.remove_volume(warm.yard.job, 1)

        assert len(in_use) == 2
        assert (warm.volumes(), warm.engine.containers()) == ([], [])

    def test_two_runs_do_not_get_one(self, warm: WarmYard) -> None:
        """Two trainers that see the same container: a name is given once."""
        specs = [warm.usual(WAITS, trial=trial) for trial in (1, 2)]
        threads = [threading.Thread(target=warm.again().start, args=(spec,)) for spec in specs]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        found = warm.engine.containers()
        assert sorted(each.message.trial for each in found) == [1, 2]
        assert running(found) == 2

    def test_is_confined_as_every_run(self, warm: WarmYard) -> None:
        """What waits differs from a cold run in its command and labels alone."""
        started = warm.engine.start(warm.usual(WAITS))
        cold = warm.engine.start(warm.usual(WAITS, trial=2))

        hosts = [warm.api.inspect_container(each.name)["HostConfig"] for each in (started, cold)]
        configs = [warm.api.inspect_container(each.name)["Config"] for each in (started, cold)]

        assert {**hosts[0], "Binds": None} == {**hosts[1], "Binds": None}
        assert sorted(configs[0]["Env"]) == sorted(configs[1]["Env"])
        assert (configs[0]["User"], configs[0]["WorkingDir"]) == (configs[1]["User"], configs[1]["WorkingDir"])


class TestNotTaken:
    @pytest.mark.parametrize(
        "unusual",
        [
            {"environment": {"MINE": "1"}},
            {"seed": 7},
            {"resources": Resources(memory="1g")},
            {"resources": Resources(cpus=1)},
            {"run": 2},
            {"image": "debian:trixie-slim"},
        ],
    )
    def test_by_a_run_that_it_was_not_prepared_for(self, warm: WarmYard, unusual: dict[str, Any]) -> None:
        """What a Python is told at its start cannot be told later; such a run starts cold, and all is as it asks."""
        spec = warm.usual()
        message: CodeReady = spec.message
        if "resources" in unusual:
            policy = message.policy.model_copy(update=unusual)
            spec = dataclasses.replace(spec, message=message.model_copy(update={"policy": policy}))
        elif "seed" in unusual or "run" in unusual:
            spec = dataclasses.replace(spec, message=message.model_copy(update=unusual))
        else:
            spec = dataclasses.replace(spec, **unusual)

        taken = warm.engine._take("trainyard-x-t1-r1", spec)

        assert taken is None
        assert len(warm.waiting()) == 1

    def test_is_no_run(self, warm: WarmYard) -> None:
        """It fills no slot, is nobody's to judge, and has no trial's volume."""
        assert len(warm.waiting()) == 1
        assert (warm.engine.containers(), warm.engine.volumes()) == ([], [])

    def test_a_trial_that_has_a_volume_starts_cold(self, warm: WarmYard) -> None:
        """Its volume may hold what an earlier start put there; what was taken for it is thrown away."""
        spec = warm.usual(WAITS)
        warm.api.create_volume(
            f"trainyard-{warm.yard.job}-t1",
            labels={"trainyard.job": warm.yard.job, "trainyard.trial": "1", "trainyard.installation": warm.yard.job},
        )
        (waiting,) = warm.waiting()

        started = warm.engine.start(spec)

        assert warm.id_of(started) != waiting
        assert (started.state, warm.waiting()) == ("running", [])


class TestTrainerDies:
    def test_between_name_and_record(self, warm: WarmYard) -> None:
        """The message comes again, finds the name taken by what has no record, and goes on there."""
        (waiting,) = warm.waiting()
        spec = warm.usual()
        warm.api.rename(waiting, f"trainyard-{warm.yard.job}-t1-r1")
        unseen = warm.engine.containers()

        started = warm.again().start(spec)

        assert unseen == []
        assert warm.id_of(started) == waiting
        assert ending(warm.engine, warm.yard.ended(started)) == "succeeded"

    def test_between_record_and_files(self, warm: WarmYard) -> None:
        """It counts as created: whoever handles the message fills and starts it, also where it has ended since."""
        spec = warm.usual()
        name = f"trainyard-{warm.yard.job}-t1-r1"
        created = warm.engine._take(name, spec)
        warm.engine.kill(name)
        eventually(lambda: not warm.api.inspect_container(name)["State"]["Running"], message="it is not killed")

        started = warm.again().start(spec)

        assert created is not None
        assert created.state == "created"
        assert ending(warm.engine, warm.yard.ended(started)) == "succeeded"

    def test_and_nobody_wants_it_any_more(self, warm: WarmYard) -> None:
        """What was taken and never filled is removed as one that was created and never started."""
        created = warm.engine._take(f"trainyard-{warm.yard.job}-t1-r1", warm.usual())
        assert created is not None

        warm.engine.remove(created.name)

        assert warm.engine.find(created.name) is None

    def test_for_good(self, warm: WarmYard) -> None:
        """What it took and never recorded is removed by the next one, at its second look."""
        warm.api.rename(warm.waiting()[0], f"trainyard-{warm.yard.job}-t1-r1")
        again = warm.again()

        again.keep_warm([], 0, 0.0)
        first = len(warm.api.containers(all=True, filters={"name": warm.yard.job}))
        again.keep_warm([], 0, 0.0)

        assert (first, warm.api.containers(all=True, filters={"name": warm.yard.job})) == (1, [])
        again.keep_warm([], 0, 0.0)
        assert warm.volumes() == []
        again.close()


class TestKept:
    def test_as_many_as_are_wanted(self, warm: WarmYard) -> None:
        """Those that were taken or have died are replaced, the others stay."""
        before = warm.waiting()
        warm.engine.keep_warm([IMAGE], 2, LATER)
        warm.api.kill(before[0])

        warm.engine.keep_warm([IMAGE], 2, LATER)
        warm.engine.keep_warm([IMAGE], 2, LATER)

        assert len(warm.waiting()) == 2
        assert before[0] not in warm.waiting()

    def test_while_they_are_wanted(self, warm: WarmYard) -> None:
        """An image that nobody asked for a while gives its memory back; volumes go too."""
        warm.engine.keep_warm([], 1, LATER)
        young = warm.waiting()

        warm.engine.keep_warm([], 1, 0.0)

        assert (len(young), warm.waiting(), warm.volumes()) == (1, [], [])
