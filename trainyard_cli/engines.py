"""The container engine and the training images, as the doctor, `trainyard images` and embedded runs use them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from trainyard.engine.port import Recipe
from trainyard.errors import TrainyardError
from trainyard_cli.settings import CliSettings

KINDS = ("sklearn", "ann", "cnn")
"""Every training image there is."""

LOOK_SECONDS = 5.0


def images_folder() -> str:
    """Return the folder of the training images' Dockerfile, in a checkout or in the service image."""
    return str(Path(__file__).resolve().parent.parent / "images" / "training")


def probe_folder() -> str:
    """Return the folder of the probe, which goes beside every script."""
    import trainprobe

    return str(Path(trainprobe.__file__).resolve().parent)


def version(settings: CliSettings) -> str:
    """Return the container engine's name and version.

    Raises:
        EngineUnavailableError: It does not answer.
    """
    from trainyard.engine.containers import DockerEngine

    with closing(DockerEngine(settings.engine_url, probe=probe_folder(), timeout=LOOK_SECONDS)) as engine:
        return engine.check()


def why_no_docker(settings: CliSettings) -> str | None:
    """Say why no Docker engine can be used, or return None when one can."""
    try:
        version(settings)
    except (TrainyardError, ImportError) as error:
        return str(error)
    return None


def built(settings: CliSettings) -> list[tuple[str, str | None]]:
    """Return each kind of training image and its name, None where it is not built.

    Raises:
        EngineUnavailableError: The engine does not answer.
    """
    from trainyard.engine.images import DockerImages

    images = DockerImages(settings.engine_url, images_folder())
    return [(kind, images.find(Recipe(kind))) for kind in KINDS]


def image(kind: str, settings: CliSettings, report: Callable[[str], None]) -> str:
    """Return the name of the image for *kind*, built now if it is not there; *report* gets each step.

    Raises:
        ImageBuildError: It did not build.
        EngineUnavailableError: The engine does not answer.
    """
    from trainyard.engine.images import DockerImages

    images = DockerImages(settings.engine_url, images_folder())
    return images.find(Recipe(kind)) or images.build(Recipe(kind), report)
