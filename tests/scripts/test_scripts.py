"""Scripts as people push them: each is trained in a real container, and ends in the accuracy it must end in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.engines import _sweep, docker_api
from tests.scripts.expectations import Case, cases, differences
from tests.scripts.yard import ScriptYard, script_yard

__all__ = ["docker_api"]  # a fixture

MINUTES = 15
"""The longest a test may wait: the first one of a kind waits for its image, and each for those before it."""

PLAIN = [case for case in cases() if not case.kills and not case.datasets]


@pytest.fixture(scope="module")
def yard(
    docker_api: Any, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[ScriptYard]:
    """Where every case that was asked for trains, two at a time, in the order of their tests."""
    with script_yard(tmp_path_factory.mktemp("scripts")) as made:
        for item in request.session.items:
            asked = getattr(item, "callspec", None)
            if asked and isinstance(asked.params.get("case"), Case) and item.path == request.path:
                made.submit(asked.params["case"])
        yield made
    _sweep(docker_api, made.token)


@pytest.mark.timeout(MINUTES * 60)
@pytest.mark.parametrize("case", PLAIN, ids=lambda case: case.name)
def test_script_ends_as_expected(case: Case, yard: ScriptYard) -> None:
    """The right metric on the right data, found where the table says; or a failure that explains itself."""
    said = yard.said(case, timeout=MINUTES * 60)

    assert said is not None, yard.printed(case)
    wrong = differences(case, said)
    assert not wrong, "\n".join([*wrong, "It printed:", yard.printed(case)])
    yard.decide(case)
