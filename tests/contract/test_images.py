"""Training images on a real engine, and their stand-in for engines without images."""

import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.engines import IMAGE, URL, docker_api
from trainyard.engine.containers.images import DockerImages, NoImages, in_words
from trainyard.engine.port import Recipe
from trainyard.errors import ImageBuildError
from trainyard.testing import eventually

__all__ = ["docker_api"]  # fixtures

TWO_STAGES = f"""
FROM {IMAGE} AS small
COPY small.txt /small.txt
RUN cat /small.txt

FROM small AS large
RUN echo large > /large.txt
"""
FAILS = f"FROM {IMAGE} AS small\nRUN echo no room for numpy && exit 3\n"
TAKES_LONG = (
    f"FROM {IMAGE} AS small\n"
    'RUN python -c "import time; [print(n, flush=True) or time.sleep(0.2) for n in range(600)]"\n'
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(TWO_STAGES)
    (tmp_path / "small.txt").write_text(f"numpy=={uuid.uuid4().hex}\n")
    return tmp_path


@pytest.fixture
def images(docker_api: Any, folder: Path) -> Iterator[Callable[..., DockerImages]]:
    """Make images under a repository of the test's own."""
    repository, opened = f"trainyard-test-{uuid.uuid4().hex[:8]}", []

    def make(**changes: Any) -> DockerImages:
        opened.append(DockerImages(URL, str(folder), repository=repository, **changes))
        return opened[-1]

    yield make
    for each in opened:
        each.close()
    for image in docker_api.images():
        for tag in image["RepoTags"] or ():
            if tag.startswith(repository):
                docker_api.remove_image(tag, force=True)


class TestDockerImages:
    def test_builds_the_stage_and_says_each_step(self, images: Callable[..., DockerImages]) -> None:
        """Whoever waits sees where the build is; the second time the image is there already."""
        said: list[str] = []
        maker = images()
        before = maker.find(Recipe("small"))

        name = maker.build(Recipe("small"), said.append)

        assert before is None
        assert said == [
            f"step 1 of 3: FROM {IMAGE} AS small",
            "step 2 of 3: COPY small.txt /small.txt",
            "step 3 of 3: RUN cat /small.txt",
        ]
        assert (maker.find(Recipe("small")), maker.build(Recipe("small"), said.append), len(said)) == (name, name, 3)

    def test_the_name_follows_from_what_it_is_built_from(
        self, images: Callable[..., DockerImages], folder: Path
    ) -> None:
        """An edited requirement is another image; the same files give the same name everywhere."""
        first = images().name(Recipe("small"))

        (folder / "small.txt").write_text("numpy==2\n")

        assert images().name(Recipe("small")) != first
        assert len(first.rpartition(":")[2]) == 12

    def test_two_builds_of_one_image_wait_for_each_other(self, images: Callable[..., DockerImages]) -> None:
        """Two jobs that need one image build it once."""
        maker = images()
        said: list[str] = []
        threads = [threading.Thread(target=maker.build, args=(Recipe("large"), said.append)) for _ in range(2)]

        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sum("step 1 of" in words for words in said) == 1

    def test_a_build_that_fails_shows_the_end_of_its_log(
        self, images: Callable[..., DockerImages], folder: Path
    ) -> None:
        """The author or the operator sees what pip said, not only that it failed."""
        (folder / "Dockerfile").write_text(FAILS)

        with pytest.raises(ImageBuildError, match=r"(?s)image for small did not build: .*code: 3.*no room for numpy"):
            images(pause=0.1).build(Recipe("small"), print)

    def test_a_build_that_fails_is_tried_once_more(self, images: Callable[..., DockerImages], folder: Path) -> None:
        """A network that is away for a moment costs nobody a job."""
        said: list[str] = []
        (folder / "Dockerfile").write_text(FAILS)
        maker = images(pause=0.1)

        def comes_back(words: str) -> None:
            said.append(words)
            (folder / "Dockerfile").write_text(TWO_STAGES)

        assert maker.build(Recipe("small"), comes_back) == maker.name(Recipe("small"))
        assert said[2:4] == ["did not build; next try in 0.1 s", f"step 1 of 3: FROM {IMAGE} AS small"]

    def test_a_build_beyond_its_deadline_is_given_up(
        self, images: Callable[..., DockerImages], folder: Path, docker_api: Any
    ) -> None:
        """The message that waits for it is not held for ever, and the engine stops working on it."""
        (folder / "Dockerfile").write_text(TAKES_LONG)

        with pytest.raises(ImageBuildError, match="did not build in time"):
            images(deadline=2.0).build(Recipe("small"), print)

        building = {"ancestor": IMAGE, "status": "running"}
        eventually(
            lambda: not any("time.sleep(0.2)" in each["Command"] for each in docker_api.containers(filters=building)),
            message="the build goes on",
        )

    def test_a_missing_folder_is_named(self) -> None:
        """A wrong setting is not a broken engine."""
        with pytest.raises(ImageBuildError, match="/nowhere"):
            DockerImages(URL, "/nowhere").find(Recipe("small"))


class TestWords:
    @pytest.mark.parametrize(
        ("text", "step", "words"),
        [
            ("Step 3/9 : RUN pip install -r sklearn.txt", "", "step 3 of 9: RUN pip install -r sklearn.txt"),
            ("Downloading keras-3.15.whl (1.4 MB)", "step 3 of 9", "step 3 of 9: Downloading keras-3.15.whl (1.4 MB)"),
            ("---> Running in 0123456789ab", "step 3 of 9", ""),
            (f"Step 1/1 : RUN {'x' * 500}", "", f"step 1 of 1: RUN {'x' * 115}…"),
        ],
    )
    def test_lines_that_tell_something_are_put_in_words(self, text: str, step: str, words: str) -> None:
        """Steps and pip's longest silences are told, container ids are not."""
        assert in_words(text, step) == words


class TestNoImages:
    def test_every_kind_is_there(self) -> None:
        """Child processes use the Python that is there."""
        assert (NoImages().find(Recipe("ann")), NoImages().build(Recipe("cnn"), print)) == ("local", "local")
