"""The images to build for a recipe, one on top of the other, each named by a hash of its inputs."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from trainyard.engine.containers import stages
from trainyard.engine.containers.site import FOLDER as SITE
from trainyard.engine.port import Recipe
from trainyard.errors import ImageBuildError

DOCKERFILE = "Dockerfile"
_PIN = re.compile(r"^([\w.-]+==\S+)", re.MULTILINE)
_SCRIPT = "layer"

_LAYER = """\
FROM {base}
USER root
COPY {script} /opt/requirements/
COPY requirements /opt/layer
COPY site /site
RUN python /opt/requirements/{script} /opt/layer && rm -rf /site
USER trainyard
"""

_FIT = """\
FROM {base}
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MPLBACKEND=Agg MPLCONFIGDIR=/tmp/matplotlib HOME=/tmp
USER root
ENTRYPOINT []
RUN python -c "import sys; sys.exit(sys.version_info < (3, 7))" \\
 || {{ echo "trainyard: NO PYTHON"; exit 3; }}
RUN mkdir -p /trainyard/code && chown -R 10001:10001 /trainyard
WORKDIR /trainyard/code
USER 10001
"""


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One image to build.

    Attributes:
        name: What it is called.
        title: What it is called in messages to people.
        files: The build's context, path to content, without what the site adds.
        target: The stage to build; the last one when empty.
        dockerfile: The Dockerfile's path in the context.
        site: Whether the build gets what the site needs to reach packages.
        installs: What pip installs in it.
    """

    name: str
    title: str
    files: Mapping[str, bytes] = field(repr=False)
    target: str = ""
    dockerfile: str = DOCKERFILE
    site: bool = True
    installs: tuple[str, ...] = ()

    @property
    def by_author(self) -> bool:
        """Whether the author determines its content, and has to change it when it does not build."""
        return not self.target


def blueprints(recipe: Recipe, folder: str, repository: str) -> list[Blueprint]:
    """Return the images to build for *recipe* in their order; the last one is the one to train in.

    *folder* has the training images' Dockerfile and what it copies; *repository* is the prefix of the images' names.

    Raises:
        ImageBuildError: The folder cannot be read.
    """
    if recipe.dockerfile:
        return _own(recipe.dockerfile, recipe.context, repository)
    files = _files(folder)
    base = _stage(recipe.kind, files, repository)
    return [base, _layer(recipe, base, files, repository)] if recipe.requirements or recipe.optional else [base]


def _stage(kind: str, files: Mapping[str, bytes], repository: str) -> Blueprint:
    """Return the image of a kind: a stage of our Dockerfile."""
    text = stages.only(files.get(DOCKERFILE, b"").decode(), kind)
    needed = stages.copied(text)
    context = {DOCKERFILE: text.encode(), **{name: data for name, data in files.items() if name in needed}}
    pins = (pin for name, data in context.items() if name.endswith(".txt") for pin in _PIN.findall(data.decode()))
    return Blueprint(
        name=f"{repository}/{kind}:{digest(context)}",
        title=f"for {kind}",
        files=context,
        target=kind,
        site=SITE in needed,
        installs=tuple(pins),
    )


def _layer(recipe: Recipe, base: Blueprint, files: Mapping[str, bytes], repository: str) -> Blueprint:
    """Return the image with what else a script needs; scripts with the same needs share it."""
    context = {
        DOCKERFILE: _LAYER.format(base=base.name, script=_SCRIPT).encode(),
        "requirements/required.txt": _text(recipe.requirements),
        "requirements/optional.txt": _text(recipe.optional),
        _SCRIPT: files.get(_SCRIPT, b""),
    }
    return Blueprint(
        name=f"{repository}/{recipe.kind}:{base.name.rpartition(':')[2]}-{digest(context)}",
        title=f"for {recipe.kind} with {', '.join(recipe.requirements or recipe.optional)}",
        files=context,
        installs=(*recipe.requirements, *recipe.optional),
    )


def _own(path: str, context: Mapping[str, bytes], repository: str) -> list[Blueprint]:
    """Return the author's own image, and one on top of it that is prepared for a training."""
    own = Blueprint(
        name=f"{repository}/own:{digest({'': path.encode(), **context})}",
        title=f"of the author's {path}",
        files=context,
        dockerfile=path,
        site=False,
    )
    fit = {DOCKERFILE: _FIT.format(base=own.name).encode()}
    title = f"{own.title}, prepared for a training,"
    return [own, Blueprint(name=f"{own.name}-{digest(fit)}", title=title, files=fit, site=False)]


def digest(files: Mapping[str, bytes]) -> str:
    """Hash names and contents."""
    found = hashlib.sha256()
    for name, data in sorted(files.items()):
        found.update(name.encode() + b"\0" + data + b"\0")
    return found.hexdigest()[:12]


def _text(requirements: tuple[str, ...]) -> bytes:
    return "".join(f"{each}\n" for each in sorted(requirements)).encode()


def _files(folder: str) -> dict[str, bytes]:
    try:
        return {path.name: path.read_bytes() for path in Path(folder).iterdir() if path.is_file()}
    except OSError as error:
        raise ImageBuildError(f"the training images' folder cannot be read: {error}") from error
