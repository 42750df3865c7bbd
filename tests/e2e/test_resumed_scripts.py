"""Scripts that are killed while they train: the next run goes on where the checkpoint is, to the same end."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.engines import docker_api
from tests.scripts.expectations import Case, cases, differences
from tests.scripts.yard import ScriptYard, in_images
from trainyard.engine.port import Container
from trainyard.messages import AccuracyMeasured
from trainyard.testing import eventually

__all__ = ["docker_api"]  # a fixture

MINUTES = 15
EPOCHS = 10
OBSERVED = 3


@pytest.fixture(scope="module")
def yard(docker_api: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ScriptYard]:
    """Where one case at a time trains."""
    with in_images(docker_api, tmp_path_factory.mktemp("resumes"), slots=1) as made:
        yield made


@pytest.mark.timeout(MINUTES * 60)
@pytest.mark.parametrize("case", [case for case in cases() if case.kills], ids=lambda case: case.name)
def test_killed_script_goes_on(case: Case, yard: ScriptYard) -> None:
    """Killed after an observed epoch, the second run starts behind the first epoch, ends the curve, and measures."""
    yard.submit(case)
    killed = eventually(lambda: observed(yard, case), timeout=MINUTES * 60, message="it never started", every=0.1)
    assert killed is not None
    assert killed.state == "running", f"it ended before it was killed\n{yard.printed(case)}"
    yard.engine.kill(killed.name)

    said = yard.said(case, timeout=MINUTES * 60)

    assert isinstance(said, AccuracyMeasured), yard.printed(case)
    wrong = differences(case, said)
    assert not wrong, "\n".join([*wrong, "It printed:", yard.printed(case)])
    trained_again = epochs(yard, case, 2)
    assert said.run == 2
    assert trained_again[0] > 1, "the second run started afresh"
    assert trained_again == list(range(trained_again[0], EPOCHS + 1))
    assert [curve.epochs for curve in said.result.curves if curve.name == "loss"] == [EPOCHS]
    yard.decide(case)


def observed(yard: ScriptYard, case: Case) -> Container | None:
    """Return the first run once some epochs and a checkpoint are seen of it, or it has ended."""
    run = yard.container(case)
    if run is None or run.state == "exited":
        return run
    has_checkpoint = yard.engine.read(run, "checkpoints/fit-0.npz") is not None
    return run if has_checkpoint and len(epochs(yard, case, 1)) >= OBSERVED else None


def epochs(yard: ScriptYard, case: Case, number: int) -> list[int]:
    """Return which epochs a run has told of so far."""
    run = yard.container(case, number)
    told = yard.engine.read(run, f"r{number}/epochs.jsonl") if run else None
    events = [json.loads(line) for line in (told or b"").decode().splitlines(keepends=True) if line.endswith("\n")]
    return [event["epoch"] for event in events if event["event"] == "epoch"]
