"""What the trainer says of runs under way: their epochs and batches, what they print and what they use."""

import json
from dataclasses import replace
from typing import Any

import pytest

from services.trainer.collecting import Memory, look
from services.trainer.ports import Pace, Tools
from services.trainer.progress import cores, read_state
from tests.unit.trainer.twins import MemoryEngine
from trainyard.engine.port import Usage, container_name
from trainyard.messages import AccuracyMeasured, CodeReady, Message, TrainingProgressed, TrainingState

MIB = 1 << 20


def epochs(*numbers: int) -> bytes:
    """Write events of epochs as the probe does."""
    lines = [
        {"event": "epoch", "fit": 0, "epoch": each, "epochs": 100, "metrics": {"loss": 1.0 / each, "accuracy": 0.5}}
        for each in numbers
    ]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def line(event: str, **fields: Any) -> bytes:
    """Write one event as the probe does."""
    return json.dumps({"event": event, **fields}).encode() + b"\n"


def epoch(number: int, *, fit: int = 0, loss: float = 0.5) -> bytes:
    """Write the end of an epoch of ten that took three seconds."""
    return line("epoch", fit=fit, epoch=number, epochs=10, metrics={"loss": loss}, seconds=3.0)


def batch(number: int, of: int | None, *, during: int, fit: int = 0, left: float | None = None) -> bytes:
    """Write how far the epoch under way is, of ten."""
    return line("progress", fit=fit, epoch=during, epochs=10, batch=number, batches=of, left=left)


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def name(event: CodeReady) -> str:
    return container_name(event.job, event.trial, event.run)


def reported(tools: Tools, memory: Memory, pace: Pace | None = None) -> list[Message]:
    """Look once."""
    return list(look(tools=tools, pace=pace or Pace(), memory=memory))


class TestWhereItIs:
    def test_a_batch_within_an_epoch(self) -> None:
        """Complete epochs are counted, and the last one's metrics stand until the next is complete."""
        lines = epoch(1) + epoch(2, loss=0.25) + batch(10, 40, during=3, left=30.0) + batch(20, 40, during=3, left=25.5)

        assert read_state(lines) == TrainingState(
            epoch=2, epochs=10, metrics={"loss": 0.25}, batch=20, batches=40, left=25.5
        )

    def test_the_end_of_an_epoch(self) -> None:
        """What was said of its batches is over; the other eight take as long as this one."""
        lines = epoch(1) + batch(30, 40, during=2, left=26.0) + epoch(2)

        assert read_state(lines) == TrainingState(epoch=2, epochs=10, metrics={"loss": 0.5}, left=24.0)

    def test_the_first_epoch(self) -> None:
        """A long one is seen to go on before it ends, also where nobody knows how many batches it has."""
        assert read_state(batch(7, None, during=1)) == TrainingState(epochs=10, batch=7)

    def test_a_resumed_run(self) -> None:
        """It goes on in its eighth epoch, so that seven are complete."""
        lines = line("resumed", fit=0, epoch=7) + batch(3, 40, during=8, left=9.0)

        assert read_state(lines) == TrainingState(epoch=7, epochs=10, batch=3, batches=40, left=9.0)

    def test_another_fit(self) -> None:
        """The epochs of the one before say nothing about this one."""
        lines = epoch(10, fit=0) + batch(1, 40, during=1, fit=1)

        assert read_state(lines) == TrainingState(epochs=10, batch=1, batches=40)

    @pytest.mark.parametrize(
        "strange", [b"", b"\xff\n", b"[]\n", line("seeded"), line("progress", batch="x", left="nan"), line("epoch")]
    )
    def test_strange_lines_break_nothing(self, strange: bytes) -> None:
        """Scripts may write into the file."""
        assert read_state(strange) in (None, TrainingState())


class TestCores:
    @pytest.mark.parametrize(
        ("before", "now", "busy"), [((10.0, 4.0), (12.0, 7.0), 1.5), ((10.0, 4.0), (12.0, 0.5), 0.0)]
    )
    def test_are_told_between_two_looks(
        self, before: tuple[float, float], now: tuple[float, float], busy: float
    ) -> None:
        """Time that went backwards, as that of a child that ended, is none."""
        looks = [(at, Usage(0, None, used)) for at, used in (before, now)]

        assert cores(*looks) == busy

    def test_take_two_looks(self) -> None:
        """Not at the same moment."""
        look = (10.0, Usage(0, None, 4.0))

        assert [cores(None, look), cores(look, None), cores(look, look)] == [None, None, None]


class TestOutputAndUsage:
    def test_go_along(self, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady, name: str) -> None:
        """A script without epochs is seen to live, too."""
        at = [1000.0]
        tools = replace(tools, now=lambda: at[0])
        engine.put(event)
        engine.printed[name] = "one\n"
        engine.used[name] = Usage(100 * MIB, 4096 * MIB, 7.0)
        first = reported(tools, memory)
        at[0], engine.printed[name], engine.used[name] = 1002.0, "one\ntwo\n", Usage(200 * MIB, 4096 * MIB, 10.0)

        (second,) = reported(tools, memory)

        assert isinstance(second, TrainingProgressed)
        assert [(each.log, each.log_follows, each.cpu) for each in first if isinstance(each, TrainingProgressed)] == [
            ("one\n", False, None)
        ]
        assert (second.log, second.log_follows, second.cpu) == ("two\n", True, 1.5)
        assert (second.memory, second.memory_limit, second.epochs) == (200 * MIB, 4096 * MIB, 0)

    def test_use_alone_is_told_now_and_then(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady, name: str
    ) -> None:
        """It changes all the time, and is no sign that the training gets on."""
        at = [1000.0]
        tools = replace(tools, now=lambda: at[0])
        engine.put(event)
        messages = []
        for now in (1000.0, 1005.0, 1010.0, 1012.0):
            at[0], engine.used[name] = now, Usage(int(now), None, now)
            messages += reported(tools, memory, Pace(progress=2.0, quiet=10.0))

        assert [each.memory for each in messages if isinstance(each, TrainingProgressed)] == [1000, 1010]

    def test_much_output_is_cut(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady, name: str
    ) -> None:
        """A message stays small; that something is missing is said."""
        engine.put(event)
        engine.printed[name] = "".join(f"line {number}\n" for number in range(5000))

        (message,) = reported(tools, memory)

        assert isinstance(message, TrainingProgressed)
        assert message.log.startswith("[")
        assert "characters omitted]\nline 4" in message.log
        assert message.log.endswith("line 4999\n")
        assert len(message.log) < 4200

    def test_the_last_lines_come_before_the_accuracy(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady, name: str
    ) -> None:
        """So that the log of a run that ended between two looks is whole; it is not reported twice."""
        engine.put(event, "exited", 0)
        engine.printed[name] = "accuracy: 0.98\n"
        engine.write(event, "r1/result.json", b'{"final": true, "measurement": {"metric": "accuracy", "value": 0.98}}')

        messages = reported(tools, memory) + reported(tools, memory)

        assert [type(each) for each in messages] == [TrainingProgressed, AccuracyMeasured]
        assert isinstance(messages[0], TrainingProgressed)
        assert (messages[0].phase, messages[0].log) == ("collecting", "accuracy: 0.98\n")

    def test_a_log_that_cannot_be_read_hides_nothing_else(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady, name: str
    ) -> None:
        """A damaged one must not keep the accuracy from being reported."""
        engine.put(event)
        engine.write(event, "r1/epochs.jsonl", epoch(2))
        engine.damaged.add(name)

        (message,) = reported(tools, memory)

        assert isinstance(message, TrainingProgressed)
        assert (message.epoch, message.log, message.left) == (2, "", 24.0)


class TestEpochs:
    def test_tells_the_last_complete_epoch(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady
    ) -> None:
        """A line that is half written is passed over."""
        engine.put(event)
        engine.write(event, "r1/epochs.jsonl", epochs(1, 2) + b'{"event": "epoch", "ep')

        (message,) = reported(tools, memory)

        assert isinstance(message, TrainingProgressed)
        assert (message.phase, message.epoch, message.epochs) == ("training", 2, 100)
        assert message.metrics == {"loss": 0.5, "accuracy": 0.5}

    def test_tells_nothing_before_the_first_epoch(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady
    ) -> None:
        """A resumed fit says where it goes on; that alone is no epoch."""
        engine.put(event)
        engine.write(event, "r1/epochs.jsonl", b'{"event": "resumed", "fit": 0, "epoch": 37}\n')

        assert reported(tools, memory) == []

    def test_comes_when_it_changed_and_not_too_often(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady
    ) -> None:
        """One message a run within the pace, none for what was said already."""
        at = [1000.0]
        tools = replace(tools, now=lambda: at[0])
        engine.put(event)
        messages = []
        for now, last in ((1000.0, 1), (1001.0, 2), (1002.0, 3), (1005.0, 3)):
            at[0] = now
            engine.write(event, "r1/epochs.jsonl", epochs(last))
            messages += reported(tools, memory, Pace(progress=2.0))

        assert [each.epoch for each in messages if isinstance(each, TrainingProgressed)] == [1, 3]

    def test_of_what_is_no_number_is_null(
        self, engine: MemoryEngine, tools: Tools, memory: Memory, event: CodeReady
    ) -> None:
        """A loss of NaN travels as null."""
        engine.put(event)
        engine.write(event, "r1/epochs.jsonl", b'{"event": "epoch", "epoch": 1, "metrics": {"loss": NaN}}\n')

        (message,) = reported(tools, memory)

        assert isinstance(message, TrainingProgressed)
        assert (message.epochs, message.metrics) == (0, {"loss": None})
