"""What the trainer says of runs that have ended: their accuracy, where they have succeeded."""

import errno
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from services.trainer.collecting import Memory, finished_runs, look
from services.trainer.domain import volume_path
from services.trainer.ports import Pace, Tools
from tests.unit.trainer.twins import MemoryCounts, MemoryEngine
from trainyard import marks
from trainyard.engine.verdict import ProbeArtifact
from trainyard.errors import StorageUnavailableError
from trainyard.messages import AccuracyMeasured, CodeReady, Message, TrainingFailed
from trainyard.storage import Storage
from trainyard.testing import a_code_ready

MODEL = {"path": "modelsave.h5", "kind": "model", "bytes": 5}


class FullStorage(Storage):
    """A storage on a disk without room."""

    def put_file(self, job: str, trial: int, name: str, data: bytes) -> str:  # noqa: ARG002  nothing finds room
        """Find no room."""
        raise StorageUnavailableError(f"storage could not write {name}") from OSError(errno.ENOSPC, "no room")


def a_result(value: float = 0.98, artifacts: list[dict[str, Any]] | None = None) -> bytes:
    """Write a final result as the probe does."""
    measurement = {"metric": "accuracy", "value": value, "data": "test", "source": "keras.evaluate"}
    return json.dumps(
        {
            "version": 1,
            "final": True,
            "measurement": measurement,
            "alternatives": [{**measurement, "data": "train"}, {**measurement, "value": float("nan")}],
            "curves": [{"name": "loss", "points": [1.0, float("nan")], "epochs": 2}],
            "facts": {"nan": True},
            "artifacts": [MODEL] if artifacts is None else artifacts,
            "seconds": 9.0,
        }
    ).encode()


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def succeeded(engine: MemoryEngine, event: CodeReady) -> CodeReady:
    """A run that measured 0.98 and left a model."""
    engine.put(event, "exited", 0)
    engine.write(event, "r1/result.json", a_result())
    engine.write(event, "code/modelsave.h5", b"model")
    return event


def reported(tools: Tools, memory: Memory, pace: Pace | None = None) -> list[Message]:
    """Look once."""
    return list(look(tools=tools, pace=pace or Pace(), memory=memory))


class TestSucceeded:
    def test_publishes_the_trial(
        self, storage: Storage, tools: Tools, memory: Memory, counts: MemoryCounts, succeeded: CodeReady
    ) -> None:
        """Measurement, curves, facts and files, with what its code.ready said about the job."""
        (message,) = reported(tools, memory)

        assert isinstance(message, AccuracyMeasured)
        assert (message.job, message.trial, message.run) == ("wines", 1, 1)
        assert (message.policy, message.origin, message.seed) == (succeeded.policy, succeeded.origin, succeeded.seed)
        trial = message.result
        assert trial.measurement is not None
        assert (trial.measurement.value, trial.measurement.data) == (0.98, "test")
        assert (trial.bundle, trial.seconds, trial.facts) == (succeeded.bundle, 12.0, {"nan": True})
        assert [each.data for each in trial.alternatives] == ["train"]
        (model,) = trial.artifacts
        assert (model.name, model.kind, model.bytes) == ("modelsave.h5", "model", 5)
        assert storage.get_file("wines", 1, "modelsave.h5") == b"model"
        assert counts.endings == [("knn", "succeeded in 12 s")]

    def test_says_it_once(self, tools: Tools, memory: Memory, succeeded: CodeReady) -> None:
        """The next look has nothing to say; after a restart it is said again, with the same id."""
        first = reported(tools, memory)

        assert reported(tools, memory) == []
        assert [each.message_id for each in reported(tools, Memory())] == [each.message_id for each in first]
        assert succeeded.job == "wines"

    def test_counts_whatever_the_exit_code(self, engine: MemoryEngine, tools: Tools, memory: Memory) -> None:
        """A script that was killed after it had measured has succeeded."""
        event = a_code_ready()
        engine.put(event, "exited", 137)
        engine.write(event, "r1/result.json", a_result(artifacts=[]))

        assert [type(each) for each in reported(tools, memory)] == [AccuracyMeasured]

    def test_travels_as_json(self, tools: Tools, memory: Memory, succeeded: CodeReady) -> None:
        """Points that are no numbers are null on the way, and the message reads back."""
        (message,) = reported(tools, memory)

        assert isinstance(message, AccuracyMeasured)
        back = AccuracyMeasured.model_validate_json(message.model_dump_json())
        assert back.result.curves[0].points == (1.0, None)
        assert back.job == succeeded.job

    def test_a_measurement_that_is_no_number_is_a_failure(
        self, engine: MemoryEngine, tools: Tools, memory: Memory
    ) -> None:
        """An accuracy of NaN cannot be compared; the message says so."""
        event = a_code_ready()
        engine.put(event, "exited", 0)
        engine.write(event, "r1/result.json", a_result(float("nan")))

        (message,) = reported(tools, memory)

        assert isinstance(message, TrainingFailed)
        assert message.result.failure is not None
        assert message.result.failure.message == "the accuracy (keras.evaluate) is nan"
        assert "lower the learning rate" in message.result.failure.remedy


class TestGoneWrong:
    @pytest.mark.parametrize(
        ("files", "code", "outcome"),
        [
            ({"r1/error.json": b'{"version": 1, "reason": "raised", "message": "no"}'}, 1, "failed"),
            ({}, 0, "no_result"),
            ({}, 137, "crashed"),
            ({"r1/result.json": b'{"final": tr'}, 137, "crashed"),
        ],
    )
    def test_is_left_to_the_monitor(
        self,
        files: dict[str, bytes],
        code: int,
        outcome: str,
        engine: MemoryEngine,
        tools: Tools,
        memory: Memory,
        counts: MemoryCounts,
        event: CodeReady,
    ) -> None:
        """Nothing is said, nothing is removed, and it is counted once."""
        engine.put(event, "exited", code)
        for path, data in files.items():
            engine.write(event, path, data)

        assert reported(tools, memory) + reported(tools, memory) == []
        assert len(engine.held) == 1
        assert counts.endings == [("knn", outcome)]

    def test_is_not_removed_when_decided(
        self, storage: Storage, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady
    ) -> None:
        """Its container is the monitor's."""
        engine.put(event, "exited", 1)
        storage.mark(marks.decided("wines", 1))

        reported(tools, memory)

        assert len(engine.held) == 1


class TestArtifacts:
    def test_that_do_not_fit_are_left_out_by_name(self, engine: MemoryEngine, tools: Tools, memory: Memory) -> None:
        """Models come first, whatever the order in the result; what finds no room is named among the facts."""
        event = a_code_ready()
        large = {"path": "predictions.csv", "kind": "other", "bytes": 900}
        own = {"path": "run:artifacts/model.keras", "kind": "model", "bytes": 5}
        engine.put(event, "exited", 0)
        engine.write(event, "r1/result.json", a_result(artifacts=[large, own]))
        engine.write(event, "r1/artifacts/model.keras", b"model")
        engine.write(event, "code/predictions.csv", b"x" * 900)

        (message,) = reported(tools, memory, Pace(artifact_bytes=100))

        assert isinstance(message, AccuracyMeasured)
        assert [each.name for each in message.result.artifacts] == ["model.keras"]
        assert message.result.facts["skipped_artifacts"] == ["predictions.csv"]

    @pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "run:../x", "gone.h5"])
    def test_that_are_elsewhere_or_nowhere_are_left_out(
        self, path: str, engine: MemoryEngine, tools: Tools, memory: Memory
    ) -> None:
        """A script may write any path into its result; only the trial's own files are read."""
        event = a_code_ready()
        engine.put(event, "exited", 0)
        engine.write(event, "r1/result.json", a_result(artifacts=[{"path": path, "kind": "model", "bytes": 1}]))

        (message,) = reported(tools, memory)

        assert isinstance(message, AccuracyMeasured)
        assert message.result.artifacts == ()
        assert len(message.result.facts["skipped_artifacts"]) == 1

    @pytest.mark.parametrize("path", ["run:artifacts//etc/x", "nul\0.h5", f"{'long' * 70}.h5", "run:artifacts/folder"])
    def test_that_cannot_be_stored_are_left_out(
        self, path: str, engine: MemoryEngine, tools: Tools, memory: Memory
    ) -> None:
        """A name that storage will never take costs the run that file and not its accuracy."""
        event = a_code_ready()
        artifacts = [{"path": each, "kind": "model", "bytes": 5} for each in ("run:artifacts/folder/model.h5", path)]
        engine.put(event, "exited", 0)
        engine.write(event, "r1/result.json", a_result(artifacts=artifacts))
        engine.write(event, "r1/artifacts/folder/model.h5", b"model")
        engine.write(event, str(volume_path(ProbeArtifact(path=path), 1)), b"model")

        (message,) = reported(tools, memory)

        assert isinstance(message, AccuracyMeasured)
        assert [each.name for each in message.result.artifacts] == ["folder/model.h5"]
        assert len(message.result.facts["skipped_artifacts"]) == 1

    def test_that_find_no_storage_are_waited_for(
        self, tmp_path: Path, tools: Tools, memory: Memory, succeeded: CodeReady
    ) -> None:
        """A storage that is full or away loses nothing: the run is reported when it is back, with all its files."""
        nothing = reported(replace(tools, storage=FullStorage(str(tmp_path / "full"))), memory)
        (message,) = reported(tools, memory)

        assert nothing == []
        assert isinstance(message, AccuracyMeasured)
        assert (message.job, len(message.result.artifacts)) == (succeeded.job, 1)


class TestDecided:
    @pytest.mark.parametrize("mark", [marks.decided("wines", 1), marks.ended("wines")])
    def test_container_and_volume_are_removed(
        self, mark: str, storage: Storage, engine: MemoryEngine, tools: Tools, memory: Memory, succeeded: CodeReady
    ) -> None:
        """They were kept until the verdict; then nobody needs them."""
        reported(tools, memory)
        assert engine.held

        storage.mark(mark)
        reported(tools, memory)

        assert (engine.held, engine.volumes()) == ({}, [])
        assert succeeded.job == "wines"

    def test_before_a_restart_is_only_cleared_away(
        self, storage: Storage, engine: MemoryEngine, tools: Tools, memory: Memory, succeeded: CodeReady
    ) -> None:
        """A verdict that stands needs no second copy of the accuracy."""
        storage.mark(marks.decided(succeeded.job, 1))

        assert reported(tools, memory) == []
        assert engine.held == {}


class TestSource:
    def test_goes_on_after_the_engine_was_away(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, succeeded: CodeReady
    ) -> None:
        """What is not answered now is asked again."""
        stop = threading.Event()
        engine.down = True
        source = finished_runs(stop, tools=tools, pace=Pace(every=0.01, settle=0.0), memory=memory)
        threading.Timer(0.1, lambda: setattr(engine, "down", False)).start()

        message = next(source)
        stop.set()

        assert isinstance(message, AccuracyMeasured)
        assert list(source) == []
        assert succeeded.job == "wines"

    def test_a_run_that_vanishes_does_not_hide_the_others(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, succeeded: CodeReady
    ) -> None:
        """Somebody else was first with one of them."""
        other = a_code_ready(job="another")
        engine.held = {"first": replace(engine.put(other, "exited", 0), name="first"), **engine.held}
        engine.gone.add("first")

        messages = reported(tools, memory)

        assert [each.job for each in messages if isinstance(each, AccuracyMeasured)] == [succeeded.job]

    def test_a_run_that_cannot_be_dealt_with_does_not_hide_the_others(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, counts: MemoryCounts, succeeded: CodeReady
    ) -> None:
        """Whatever is wrong with one, the next is reported, and the look counts as done."""
        other = a_code_ready(job="another")
        engine.held = {"first": replace(engine.put(other, "exited", 0), name="first"), **engine.held}
        engine.broken.add("first")

        messages = reported(tools, memory)

        assert [each.job for each in messages if isinstance(each, AccuracyMeasured)] == [succeeded.job]
        assert counts.looks == 1

    def test_a_message_that_the_broker_does_not_take_comes_last_the_next_time(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, succeeded: CodeReady
    ) -> None:
        """Publishing fails outside the generator and ends it; the run it was about must not end every look at once."""
        other = a_code_ready(job="another")
        engine.put(other, "exited", 0)
        engine.write(other, "r1/result.json", a_result(artifacts=[]))
        looking = look(tools=tools, pace=Pace(), memory=memory)
        refused = next(looking)
        looking.close()  # type: ignore[attr-defined]

        again = reported(tools, memory)

        assert isinstance(refused, AccuracyMeasured)
        assert [each.job for each in again if isinstance(each, AccuracyMeasured)] == [other.job, succeeded.job]
        assert refused.job == succeeded.job

    def test_ends_when_it_is_stopped(self, tools: Tools, memory: Memory) -> None:
        """A service that stops does not wait for it."""
        stop = threading.Event()
        stop.set()

        assert list(finished_runs(stop, tools=tools, pace=Pace(), memory=memory)) == []
