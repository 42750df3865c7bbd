"""What is installed on top of an image, on a real engine, with wheels of the tests' own."""

import io
import shutil
import uuid
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.contract.engines import IMAGE, URL
from trainyard.engine.containers.images import DockerImages
from trainyard.engine.containers.site import Site
from trainyard.engine.port import Recipe
from trainyard.errors import ImageBuildError, SubmissionError

TRAINING = Path(__file__).parents[2] / "images" / "training"
SMALL = f"""
FROM {IMAGE} AS small
RUN useradd --uid 10001 trainyard
COPY install provide small.txt /opt/requirements/
COPY site /site
RUN sh /opt/requirements/install -r /opt/requirements/small.txt && rm -rf /site
USER trainyard
"""
OWN = {"Dockerfile": f'FROM {IMAGE}\nCOPY data.txt /data.txt\nENTRYPOINT ["false"]\n', "data.txt": "ours"}
VERSIONS = "import importlib.metadata as m, sys; print(*(m.version(name) for name in sys.argv[1:]))"


def wheel(folder: Path, name: str, version: str, *requires: str) -> None:
    """Write a wheel with one empty module."""
    module, info = name.replace("-", "_"), f"{name.replace('-', '_')}-{version}.dist-info"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{module}.py", "")
        needs = "".join(f"Requires-Dist: {each}\n" for each in requires)
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    (folder / f"{module}-{version}-py3-none-any.whl").write_bytes(buffer.getvalue())


class Workshop:
    """A folder of images and one of wheels, and the images that are made of them.

    Attributes:
        prefix: What the wheels' distributions are called, so that no index has them.
    """

    def __init__(self, folder: Path, api: Any) -> None:
        self.prefix = "trainyard-sample"
        self._api = api
        self._repository = f"trainyard-test-{uuid.uuid4().hex[:8]}"
        self._opened: list[DockerImages] = []
        self.folder, self.wheels = folder / "images", folder / "wheels"
        self.folder.mkdir()
        self.wheels.mkdir()
        for name in ("install", "provide", "layer"):
            shutil.copy(TRAINING / name, self.folder / name)
        (self.folder / "Dockerfile").write_text(SMALL)
        (self.folder / "small.txt").write_text(f"{self.prefix}-base==1.0\n")
        for version in ("1.0", "2.0", "3.0"):
            wheel(self.wheels, f"{self.prefix}-base", version)
            wheel(self.wheels, f"{self.prefix}-more", version, f"{self.prefix}-base<{float(version) + 1}")

    def maker(self, **changes: Any) -> DockerImages:
        """Return what makes the images; the wheels come from the site."""
        site = Site(wheels=str(self.wheels), **changes.pop("site", {}))
        self._opened.append(
            DockerImages(URL, str(self.folder), site=site, repository=self._repository, **{"pause": 0.1, **changes})
        )
        return self._opened[-1]

    def named(self, *texts: str) -> tuple[str, ...]:
        """Return requirements of our distributions, such as "base==1.0"."""
        return tuple(f"{self.prefix}-{text}" for text in texts)

    def built(self, *requirements: str, optional: tuple[str, ...] = ()) -> str:
        """Build a layer with these of our distributions."""
        recipe = Recipe("small", requirements=self.named(*requirements), optional=self.named(*optional))
        return self.maker().build(recipe, lambda _: None)

    def printed(self, image: str, *command: str) -> str:
        """Run a Python command in an image, as a training would, and return what it prints."""
        container = self._api.create_container(image, entrypoint=["python"], command=list(command))
        try:
            self._api.start(container)
            self._api.wait(container)
            return str(self._api.logs(container).decode().strip())
        finally:
            self._api.remove_container(container, force=True)

    def versions(self, image: str, *names: str) -> str:
        """Return which versions of our distributions an image has."""
        return self.printed(image, "-c", VERSIONS, *self.named(*names))

    def close(self) -> None:
        """Remove all that was made."""
        for each in self._opened:
            each.close()
        for image in self._api.images():
            for tag in image["RepoTags"] or ():
                if tag.startswith(self._repository):
                    self._api.remove_image(tag, force=True)


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """Give one for all tests that leave its folders alone: its first image is built once."""
    yield from _opened(tmp_path_factory.mktemp("workshop"))


@pytest.fixture
def own_workshop(tmp_path: Path) -> Iterator[Workshop]:
    """Give one whose folders the test may change."""
    yield from _opened(tmp_path)


def _opened(folder: Path) -> Iterator[Workshop]:
    api = docker.APIClient(base_url=URL, version="auto")
    made = Workshop(folder, api)
    yield made
    made.close()
    api.close()


class TestLayers:
    def test_have_the_versions_that_are_asked_for(self, workshop: Workshop) -> None:
        """Also where the image itself has another one."""
        image = workshop.built("base==2.0", "more")

        assert workshop.versions(image, "base", "more") == "2.0 3.0"

    def test_keep_what_the_image_has_where_nothing_else_is_asked_for(self, workshop: Workshop) -> None:
        """What is there already and fits is not replaced by what is newer."""
        image = workshop.built("more")

        assert workshop.versions(image, "base") == "1.0"

    def test_fit_together_with_the_image(self, own_workshop: Workshop) -> None:
        """Another part of the image gives way rather than break."""
        (own_workshop.folder / "small.txt").write_text(
            f"{own_workshop.prefix}-base==3.0\n{own_workshop.prefix}-more==3.0\n"
        )

        image = own_workshop.built("base==1.0")

        assert own_workshop.versions(image, "base") == "1.0"
        assert own_workshop.versions(image, "more") in ("1.0", "2.0", "3.0")

    def test_are_shared_by_all_who_need_the_same(self, workshop: Workshop) -> None:
        """The second job finds the first one's; the order of a list does not matter."""
        first = workshop.built("base==2.0", "more==2.0")
        said: list[str] = []

        recipe = Recipe("small", requirements=workshop.named("more==2.0", "base==2.0"))
        again = workshop.maker().build(recipe, said.append)

        assert (again, said) == (first, [])

    def test_have_names_that_follow_from_the_image_and_the_requirements(self, own_workshop: Workshop) -> None:
        """Another base, or another requirement, is another layer."""
        maker = own_workshop.maker()
        names = [maker.name(Recipe("small", requirements=(text,))) for text in ("six", "six==1.16.0")]

        (own_workshop.folder / "small.txt").write_text("six\n")

        assert len({*names, maker.name(Recipe("small", requirements=("six",)))}) == 3

    def test_leave_out_what_is_optional_and_cannot_be_had(self, workshop: Workshop) -> None:
        """It is said in the log, and the rest is installed all the same."""
        said: list[str] = []
        recipe = Recipe("small", optional=workshop.named("base==9.0", "more==1.0"))

        image = workshop.maker().build(recipe, said.append)

        assert workshop.versions(image, "base", "more") == "1.0 1.0"
        assert any(f"LEFT OUT {workshop.prefix}-base==9.0" in words for words in said)

    def test_change_nothing_for_what_is_optional(self, workshop: Workshop) -> None:
        """What nobody imports must not replace what is imported."""
        image = workshop.maker().build(Recipe("small", optional=workshop.named("base==2.0")), lambda _: None)

        assert workshop.versions(image, "base") == "1.0"

    def test_leave_nothing_of_the_site_behind(self, workshop: Workshop) -> None:
        """Neither index nor wheels can be seen by what trains there."""
        image = workshop.built("more")

        assert workshop.printed(image, "-c", "import os; print(os.path.exists('/site'))") == "False"

    def test_have_the_user_of_the_image(self, workshop: Workshop) -> None:
        """Nothing is installed for root alone."""
        assert workshop.printed(workshop.built("more"), "-c", "import os; print(os.getuid())") == "10001"


class TestRequirementsThatCannotBeMet:
    def test_are_the_authors_to_change(self, workshop: Workshop) -> None:
        """The refusal names the requirement, what there is, and the way out."""
        with pytest.raises(SubmissionError) as error:
            workshop.built("base==9.0")

        assert error.value.reason == "image"
        assert str(error.value) == (
            "no wheel satisfies the requirement trainyard-sample-base==9.0; there are 1.0, 2.0, 3.0"
        )
        assert "requirements = false" in error.value.remedy

    def test_may_contradict_each_other(self, workshop: Workshop) -> None:
        """The account that pip gives of who needs what is passed on."""
        with pytest.raises(SubmissionError, match=r"conflict with each other: .*base<2\.0"):
            workshop.built("more==1.0", "base==3.0")

    def test_are_told_from_an_index_that_is_away(self, workshop: Workshop) -> None:
        """An index that does not answer is not the author's fault, and the configuration reaches pip."""
        away = {"index": "http://127.0.0.1:9/simple"}
        recipe = Recipe("small", requirements=("six==1.16.0",))

        with pytest.raises(ImageBuildError, match=r"127\.0\.0\.1"):
            workshop.maker(site=away, pause=1e6).build(recipe, lambda _: None)


class TestLogs:
    def test_are_kept_in_whole_for_the_operator(self, workshop: Workshop, tmp_path: Path) -> None:
        """Of builds that fail as well, by the image's name."""
        maker = workshop.maker(logs=str(tmp_path / "logs"))

        with pytest.raises(SubmissionError):
            maker.build(Recipe("small", requirements=workshop.named("base==9.0")), lambda _: None)

        logs = [path.read_text() for path in (tmp_path / "logs").glob("*small*.log")]
        assert any("No matching distribution found for trainyard-sample-base==9.0" in log for log in logs)


class TestOwnDockerfile:
    def recipe(self, **files: str) -> Recipe:
        """Return a recipe by a Dockerfile among files."""
        content = {**OWN, **files}
        return Recipe("own", dockerfile="Dockerfile", context={name: text.encode() for name, text in content.items()})

    def test_is_built_where_the_operator_allows_it(self, workshop: Workshop) -> None:
        """With the author's files as its context, and ready for a training."""
        image = workshop.maker(dockerfiles=True).build(self.recipe(), lambda _: None)

        assert workshop.printed(image, "-c", "import os; print(open('/data.txt').read(), os.getuid())") == "ours 10001"

    def test_is_refused_where_the_operator_does_not(self, workshop: Workshop) -> None:
        """It would run the author's commands on the engine."""
        with pytest.raises(SubmissionError, match="authors' Dockerfiles are not built here") as error:
            workshop.maker().find(self.recipe())

        assert "TRAINYARD_TRAINER_DOCKERFILES=true" in error.value.remedy

    def test_needs_a_python(self, workshop: Workshop) -> None:
        """The probe runs in it."""
        bare = f"FROM {IMAGE}\nRUN rm -f /usr/local/bin/python\n"

        with pytest.raises(SubmissionError, match=r"no `python` of at least 3\.7 on its PATH"):
            workshop.maker(dockerfiles=True).build(self.recipe(Dockerfile=bare), lambda _: None)

    def test_that_does_not_build_shows_the_end_of_its_log(self, workshop: Workshop) -> None:
        """The author sees which command failed."""
        broken = f"FROM {IMAGE}\nRUN echo no such thing && exit 3\n"

        with pytest.raises(SubmissionError, match=r"(?s)author's Dockerfile did not build.*no such thing") as error:
            workshop.maker(dockerfiles=True).build(self.recipe(Dockerfile=broken), lambda _: None)

        assert error.value.reason == "image"
