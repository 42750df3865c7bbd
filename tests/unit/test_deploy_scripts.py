"""What `make` and the scripts in deploy/ do, with a stand-in for Docker that writes down how it is called."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKER = """\
#!/bin/sh
echo "project=${COMPOSE_PROJECT_NAME-as in .env} $*" >> "$DOCKER_CALLS"
case "$*" in
"image inspect"*debian*) echo ;;  # there, and not made by us
"image inspect"*Labels*rabbitmq*) exit 1 ;;
*) echo 1 ;;
esac
"""


def checkout(folder: Path) -> Path:
    """Return another checkout of what the scripts need."""
    shutil.copytree(ROOT / "deploy", folder / "deploy")
    for name in ("Makefile", "docker-compose.yml", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    return folder


def docker_calls(folder: Path, *command: str, **environment: str) -> str:
    """Run *command* in *folder* and return how it called Docker."""
    (folder / "bin").mkdir(exist_ok=True)
    (folder / "bin/docker").write_text(DOCKER)
    (folder / "bin/docker").chmod(0o755)
    inherited = {name: value for name, value in os.environ.items() if name != "COMPOSE_PROJECT_NAME"}
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    calls = folder / "calls"
    subprocess.run(
        command,
        cwd=folder,
        env={**inherited, "PATH": path, "DOCKER_CALLS": str(calls), **environment},
        check=True,
        capture_output=True,
        timeout=60,
    )
    return calls.read_text()


class TestProjectName:
    @pytest.mark.parametrize("command", [("make", "down"), ("deploy/up",)], ids=" ".join)
    def test_of_the_operators_settings_file_stands(self, tmp_path: Path, command: tuple[str, ...]) -> None:
        """Nothing is in the environment, which would win over the file `.env` that compose reads."""
        folder = checkout(tmp_path)
        (folder / "deploy/prepare").write_text("#!/bin/sh\necho docker-compose.yml\n")

        assert re.search(r"^project=as in \.env compose (down|up)", docker_calls(folder, *command), re.MULTILINE)

    def test_of_the_environment_stands(self, tmp_path: Path) -> None:
        """Who exports a name gets it."""
        calls = docker_calls(checkout(tmp_path), "make", "down", COMPOSE_PROJECT_NAME="mine")

        assert calls == "project=mine compose down\n"


class TestAirGap:
    def test_another_checkout_makes_the_same_images(self, tmp_path: Path) -> None:
        """What an image is made from is told by contents and relative names."""
        labels = [self.label(tmp_path / name) for name in ("one", "another")]

        assert labels[0] == labels[1]

    def test_a_changed_base_changes_what_stands_on_it(self, tmp_path: Path) -> None:
        """A file of the base is an input of every image."""
        before = self.label(tmp_path / "before")

        assert self.label(tmp_path / "after", more="# changed\n") != before

    def label(self, folder: Path, more: str = "") -> str:
        """Return the label that RabbitMQ's image gets; its base is there already."""
        checkout(folder)
        with (folder / "deploy/airgap/debian/bootstrap").open("a") as file:
            file.write(more)
        command = ("deploy/airgap/build", "rabbitmq")
        calls = docker_calls(
            folder, *command, TRAINYARD_DEBIAN_MIRROR="http://mirror.invalid/debian", TMPDIR=str(folder)
        )
        label = re.search(r"build --label trainyard\.airgap=(\w+)", calls)
        assert label, calls
        return label[1]
