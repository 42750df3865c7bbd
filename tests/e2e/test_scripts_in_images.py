"""Scripts as people push them, at least one for each kind of image: trained in a container, to the same end as here."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.engines import docker_api
from tests.scripts.datasets import keras_datasets
from tests.scripts.expectations import Case, cases, differences
from tests.scripts.yard import ScriptYard, in_images

__all__ = ["docker_api"]  # a fixture

MINUTES = 15
"""The longest a test may wait: the first one of a kind waits for its image, and each for those before it."""

CASES = [case for case in cases() if case.trains != "here" and not case.kills]


@pytest.fixture(scope="module")
def yard(
    docker_api: Any, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[ScriptYard]:
    """Where every case that was asked for trains, two at a time, in the order of their tests."""
    folder = tmp_path_factory.mktemp("scripts")
    files = keras_datasets(folder)
    datasets = {path.relative_to(files).as_posix(): str(path) for path in files.rglob("*") if path.is_file()}
    with in_images(docker_api, folder, datasets=datasets) as made:
        for item in request.session.items:
            asked = getattr(item, "callspec", None)
            if asked and item.path == request.path:
                made.submit(asked.params["case"])
        yield made


@pytest.mark.timeout(MINUTES * 60)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_script_ends_as_expected(case: Case, yard: ScriptYard) -> None:
    """The right metric on the right data, found where the table says; or a failure that explains itself."""
    said = yard.said(case, timeout=MINUTES * 60)

    assert said is not None, yard.printed(case)
    wrong = differences(case, said)
    assert not wrong, "\n".join([*wrong, "It printed:", yard.printed(case)])
    yard.decide(case)
