"""Scripts as people push them: each is trained in a real container, and ends in the accuracy it must end in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.engines import docker_api
from tests.scripts.expectations import Case, cases, differences
from tests.scripts.yard import ScriptYard, script_yard

__all__ = ["docker_api"]  # a fixture

MINUTES = 15
"""The longest a test may wait: the first one of a kind waits for its image, and each for those before it."""

DATASETS = os.environ.get("TRAINYARD_TEST_DATASETS")


@pytest.fixture(scope="module")
def yard(
    docker_api: Any, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[ScriptYard]:
    """Where every case that was asked for trains, two at a time, in the order of their tests."""
    with script_yard(docker_api, tmp_path_factory.mktemp("scripts"), datasets=_datasets()) as made:
        for item in request.session.items:
            asked = getattr(item, "callspec", None)
            if asked and item.path == request.path and _can_train(asked.params["case"]):
                made.submit(asked.params["case"])
        yield made


@pytest.mark.timeout(MINUTES * 60)
@pytest.mark.parametrize("case", [case for case in cases() if not case.kills], ids=lambda case: case.name)
def test_script_ends_as_expected(case: Case, yard: ScriptYard) -> None:
    """The right metric on the right data, found where the table says; or a failure that explains itself."""
    if not _can_train(case):
        pytest.skip("the data sets are not here; TRAINYARD_TEST_DATASETS names the folder that has them")

    said = yard.said(case, timeout=MINUTES * 60)

    assert said is not None, yard.printed(case)
    wrong = differences(case, said)
    assert not wrong, "\n".join([*wrong, "It printed:", yard.printed(case)])
    yard.decide(case)


def _can_train(case: Case) -> bool:
    return not case.datasets or bool(DATASETS)


def _datasets() -> dict[str, str]:
    """Return what Keras finds in its cache, path in the volume to path here."""
    found = Path(DATASETS, "keras-datasets").iterdir() if DATASETS else ()
    return {f"keras/{path.name}": str(path) for path in found if path.is_file()}
