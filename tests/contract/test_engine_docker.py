"""What Docker does in its own way."""

import pytest

from tests.contract.engines import PROBE, WAITS, Yard, docker_api, docker_yard
from trainyard.engine.containers.connection import ERRORS
from trainyard.engine.containers.engine import DockerEngine
from trainyard.engine.verdict import ending
from trainyard.errors import EngineUnavailableError

__all__ = ["docker_api", "docker_yard"]  # fixtures


class TestDocker:
    def test_another_engine_object_finds_what_runs(self, docker_yard: Yard) -> None:
        """A service finds its containers again after its own restart."""
        container = docker_yard.engine.start(docker_yard.spec(WAITS))

        again = docker_yard.again()

        assert again.containers() == [container]
        assert again.volumes() == [(docker_yard.job, 1)]

    def test_created_but_not_started_is_filled_and_started(self, docker_yard: Yard) -> None:
        """A trainer that died between create and start leaves a container that its message's redelivery starts."""
        spec = docker_yard.spec()
        engine = docker_yard.engine
        created = engine._create("trainyard-" + docker_yard.job + "-t1-r1", spec)  # type: ignore[attr-defined]

        started = engine.start(spec)

        assert created.state == "created"
        assert ending(engine, docker_yard.ended(started)) == "succeeded"

    def test_containers_of_another_installation_are_not_ours(self, docker_yard: Yard) -> None:
        """Two Trainyards on one engine leave each other alone."""
        container = docker_yard.engine.start(docker_yard.spec(WAITS))
        other = DockerEngine(str(docker_yard.engine._engine._url), probe=PROBE, installation="another")  # type: ignore[attr-defined]

        assert (other.find(container.name), other.containers(), other.volumes()) == (None, [], [])
        with pytest.raises(EngineUnavailableError, match="already in use"):
            other.start(docker_yard.spec(WAITS))
        other.close()

    def test_an_engine_that_is_away_is_named(self) -> None:
        """Nobody has to read a traceback to learn which engine did not answer."""
        away = DockerEngine("unix:///nowhere/docker.sock", probe=PROBE)

        with pytest.raises(EngineUnavailableError, match=r"unix:///nowhere/docker\.sock"):
            away.containers()

    def test_a_missing_image_is_worth_another_try(self, docker_yard: Yard) -> None:
        """Somebody removed it: when the message comes again, it is built again."""
        with pytest.raises(EngineUnavailableError, match="No such image"):
            docker_yard.engine.start(docker_yard.spec(image="trainyard/none:missing"))

    def test_every_error_of_the_library_has_a_meaning(self) -> None:
        """A new error class in docker-py would show here."""
        import docker.errors

        classes = [each for each in vars(docker.errors).values() if isinstance(each, type)]
        known = tuple(kind for kind, _, _ in ERRORS)

        assert [each for each in classes if issubclass(each, Exception) and not issubclass(each, known)] == []
