"""How Docker keeps a training from everything but its own volume."""

from typing import Any

import pytest

from tests.contract.engines import MEASURES, PROBE, WAITS, Yard, docker_api, docker_yard
from trainyard.engine.containers.engine import DockerEngine

__all__ = ["docker_api", "docker_yard"]  # fixtures


class TestHardening:
    @pytest.fixture
    def inspected(self, docker_yard: Yard, docker_api: Any) -> Any:
        container = docker_yard.engine.start(docker_yard.spec(WAITS))
        return docker_api.inspect_container(container.name)

    def test_what_the_engine_holds(self, inspected: Any) -> None:
        """The effective configuration, as the engine tells it."""
        host, config = inspected["HostConfig"], inspected["Config"]

        assert (host["ReadonlyRootfs"], host["CapDrop"], host["CapAdd"]) == (True, ["ALL"], None)
        assert (host["Privileged"], host["SecurityOpt"]) == (False, ["no-new-privileges:true"])
        assert (config["User"], host["Init"], host["PidsLimit"]) == ("10001:10001", True, 4096)
        assert host["Memory"] == host["MemorySwap"] == 512 << 20
        assert host["NanoCpus"] > 0
        assert 0 < host["ShmSize"] <= host["Memory"]
        assert (host["RestartPolicy"]["Name"], host["AutoRemove"]) == ("no", False)
        assert (host["LogConfig"]["Type"], host["LogConfig"]["Config"]["max-size"]) == ("json-file", "10m")
        assert [path for path, options in host["Tmpfs"].items() if "size=1g" in options] == ["/tmp"]  # noqa: S108
        assert not host["PortBindings"]
        assert not host["Devices"]

    def test_nothing_of_the_host_is_mounted(self, inspected: Any, docker_yard: Yard) -> None:
        """The trial's volume is all there is, so that a remote engine works and the socket stays away."""
        mounts = [(mount["Type"], mount["Name"], mount["Destination"]) for mount in inspected["Mounts"]]

        assert mounts == [("volume", f"trainyard-{docker_yard.job}-t1", "/trainyard")]

    def test_trainings_have_a_network_of_their_own(self, inspected: Any, docker_api: Any) -> None:
        """They reach neither the services nor one another."""
        network = docker_api.inspect_network("trainyard-training")

        assert list(inspected["NetworkSettings"]["Networks"]) == ["trainyard-training"]
        assert network["Options"]["com.docker.network.bridge.enable_icc"] == "false"

    def test_no_network_by_setting(self, docker_yard: Yard) -> None:
        """An operator may give trainings no network at all."""
        script = "import socket\nprint([name for _, name in socket.if_nameindex()])\n" + MEASURES
        url, name = docker_yard.engine._engine._url, docker_yard.engine._installation  # type: ignore[attr-defined]
        offline = DockerEngine(url, probe=PROBE, installation=name, network="none")

        container = docker_yard.ended(offline.start(docker_yard.spec(script)))

        assert "['lo']" in offline.logs(container)
        offline.close()

    def test_what_a_script_may_write(self, docker_yard: Yard) -> None:
        """Its own folder, its home and /tmp; nothing else, and it is not root."""
        script = (
            "import os\n"
            "for path in ('here.txt', os.path.expanduser('~/x'), '/tmp/x', '/etc/x', '/usr/local/x'):\n"
            "    try:\n        open(path, 'w').close()\n        print('wrote', path)\n"
            "    except OSError as error:\n        print('refused', path)\n"
            "print('user', os.getuid())\n" + MEASURES
        )

        container = docker_yard.ended(docker_yard.engine.start(docker_yard.spec(script)))

        assert docker_yard.engine.logs(container).splitlines()[:6] == [
            "wrote here.txt",
            "wrote /trainyard/home/x",
            "wrote /tmp/x",
            "refused /etc/x",
            "refused /usr/local/x",
            "user 10001",
        ]
