"""Checkpoints that outlive their trial: kept when it is collected, handed to a trial that begins with them."""

import json
from typing import Any

import pytest

from services.trainer.collecting import Memory, look
from services.trainer.handlers import on_code_ready
from services.trainer.ports import Pace, Tools
from tests.unit.trainer.twins import MemoryEngine
from trainyard.messages import AccuracyMeasured, CodeReady
from trainyard.policy import Policy
from trainyard.storage import Storage
from trainyard.trial import Trial, Warm

WEIGHTS = b"weights and optimizer"


@pytest.fixture
def ended(engine: MemoryEngine, event: CodeReady) -> CodeReady:
    """A run that left a model and a checkpoint, and is not collected yet."""
    leave(engine, event)
    return event


def leave(engine: MemoryEngine, event: CodeReady) -> None:
    """Have the run of *event* end with a model and a checkpoint."""
    artifacts = [
        {"path": "run:checkpoint.npz", "kind": "checkpoint", "bytes": len(WEIGHTS)},
        {"path": "model.h5", "kind": "model", "bytes": 5},
    ]
    result = {"final": True, "measurement": {"metric": "accuracy", "value": 0.5}, "artifacts": artifacts}
    engine.put(event, "exited", 0)
    engine.write(event, "r1/result.json", json.dumps(result).encode())
    engine.write(event, "r1/checkpoint.npz", WEIGHTS)
    engine.write(event, "code/model.h5", b"model")


def collected(tools: Tools, **pace: Any) -> Trial:
    """Look once and return the trial that is reported."""
    (message,) = look(tools=tools, pace=Pace(**pace), memory=Memory())
    assert isinstance(message, AccuracyMeasured)
    return message.result


def test_the_checkpoint_is_kept_beside_the_files_for_people(ended: CodeReady, storage: Storage, tools: Tools) -> None:
    """As a blob, which the message about a later trial names; nobody is shown it as a file of the trial."""
    trial = collected(tools)

    assert trial.checkpoint is not None
    assert storage.get_blob(trial.checkpoint.location) == WEIGHTS
    assert [artifact.name for artifact in trial.delivered] == ["model.h5"]
    assert ended.job == "wines"


def test_it_takes_none_of_their_room_and_they_none_of_its(ended: CodeReady, tools: Tools) -> None:
    """Each has a limit of its own; a checkpoint that is too large is no file that people miss."""
    trial = collected(tools, artifact_bytes=5, checkpoint_bytes=len(WEIGHTS) - 1)

    assert trial.checkpoint is None
    assert [artifact.name for artifact in trial.delivered] == ["model.h5"]
    assert "skipped_artifacts" not in trial.facts
    assert ended.job == "wines"


@pytest.mark.parametrize("change", [{"policy": Policy(warm_start=False)}, {"purpose": "confirm"}])
def test_it_is_not_kept_where_nothing_could_begin_with_it(
    change: dict[str, Any], event: CodeReady, engine: MemoryEngine, tools: Tools
) -> None:
    """The author forbids it, or no trial is built on this one."""
    leave(engine, event.model_copy(update=change))

    assert collected(tools).checkpoint is None


def test_a_trial_is_given_the_checkpoint_that_it_begins_with(
    event: CodeReady, storage: Storage, engine: MemoryEngine, tools: Tools
) -> None:
    """From storage, since the volume of the trial that left it is gone by then."""
    warm = Warm(trial=1, how="continue", location=storage.put_blob(WEIGHTS))

    list(on_code_ready(event.model_copy(update={"trial": 2, "warm": warm}), tools=tools))

    assert engine.started[0].warm == WEIGHTS


def test_a_trial_whose_checkpoint_is_gone_is_trained_all_the_same(
    event: CodeReady, engine: MemoryEngine, tools: Tools
) -> None:
    """From random weights, as it could have been from the beginning."""
    warm = Warm(trial=1, how="continue", location="c" * 64)

    list(on_code_ready(event.model_copy(update={"trial": 2, "warm": warm}), tools=tools))

    assert engine.started[0].warm is None
