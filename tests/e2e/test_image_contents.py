"""The training images, built where they are not there yet, hold what inspection takes for granted."""

import contextlib
import re
from typing import Any

import docker.errors
import pytest

from services.trainer.inspection.image.contents import STAGES, contents
from tests.contract.engines import URL, docker_api
from tests.requirements import cannot_run
from tests.scripts.yard import ROOT, TRAINING
from trainyard.engine.containers.images import DockerImages
from trainyard.engine.containers.site import Site
from trainyard.engine.port import Recipe

__all__ = ["docker_api"]  # a fixture

LOOK = "import importlib.util as u, sys; print([m for m in sys.argv[1:] if not u.find_spec(m)])"


def require_base(stage: str, api: Any) -> None:
    """Skip where the base of Python 3.7 could be neither pulled nor made: nobody packages that Python any more."""
    bases = dict(re.findall(r"^ARG (PYTHON37)=(\S+)", (TRAINING / "Dockerfile").read_text(), re.MULTILINE))
    if stage == "python37":
        try:
            api.inspect_image(bases["PYTHON37"])
        except docker.errors.ImageNotFound:
            cannot_run(f"there is no image {bases['PYTHON37']}; deploy/airgap/build makes it where Python 3.7 is")


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("stage", STAGES)
def test_hold_the_modules_that_inspection_lets_pass(stage: Any, docker_api: Any) -> None:
    """What is said to be in an image can be found in it."""
    require_base(stage, docker_api)
    site = Site(wheels=str(ROOT / ".trainyard" / "wheels"))
    with contextlib.closing(DockerImages(URL, str(TRAINING), site=site)) as images:
        image = images.find(Recipe(stage)) or images.build(Recipe(stage), print)
    command = ["python", "-W", "ignore", "-c", LOOK, *sorted(contents(stage).modules)]
    container = docker_api.create_container(image, command)
    docker_api.start(container)
    docker_api.wait(container)
    said = docker_api.logs(container, stderr=False).decode().strip()
    docker_api.remove_container(container)

    assert said == "[]"
