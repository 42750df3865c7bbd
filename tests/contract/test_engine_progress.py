"""How a run under way is followed: what it prints, and what it uses."""

from tests.contract.engines import MEASURES, Yard, docker_api, docker_yard, process_yard, yard
from trainyard.engine.port import Container, Usage
from trainyard.testing import eventually

__all__ = ["docker_api", "docker_yard", "process_yard", "yard"]  # fixtures

TICKS = """
import time
print("one", flush=True)
print("10%", end="\\r", flush=True)
print("größer 90%", flush=True)
while True:
    print("tick", flush=True)
    time.sleep(0.01)
"""
WORKS = "hoard = bytearray(64 << 20)\nprint('working', flush=True)\nwhile True:\n    pass\n"
CHILD_WORKS = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {WORKS!r}])\n"
PATIENCE = 60
"""Seconds that a machine may need on which much else runs."""

NOTHING = Usage(0, None, 0.0)
PRINTS_MUCH = MEASURES + "for n in range(3000):\n    print(n, 'x' * 60)\n"


class TestOutput:
    def test_goes_on_where_it_was_left(self, yard: Yard) -> None:
        """Every line comes once, in order, of a progress bar the last state."""
        container = yard.engine.start(yard.spec(TICKS))
        log = yard.printed(container, "tick")

        first = yard.engine.output(container)
        pieces = [first]
        while len(pieces) < 20:
            pieces.append(yard.engine.output(container, pieces[-1].cursor))
        yard.engine.kill(container.name)
        yard.ended(container)
        pieces.append(yard.engine.output(container, pieces[-1].cursor))

        assert log.startswith("one\ngrößer 90%\ntick")
        assert first.text.startswith("one\ngrößer 90%\ntick")
        assert "".join(piece.text for piece in pieces) == yard.engine.output(container).text
        assert yard.engine.output(container, pieces[-1].cursor).text == ""

    def test_of_much_the_end_comes(self, yard: Yard) -> None:
        """A script that prints for its life does not fill a message, nor our memory."""
        container = yard.ended(yard.engine.start(yard.spec(PRINTS_MUCH)))

        text = yard.engine.output(container).text

        assert text.endswith("2999 " + "x" * 60 + "\n")
        assert len(text) <= 64 << 10

    def test_of_silence_there_is_nothing(self, yard: Yard) -> None:
        """Also before the first line."""
        container = yard.ended(yard.engine.start(yard.spec("accuracy = 1.0\n")))

        assert yard.engine.output(container).text == ""


class TestUsage:
    def test_says_memory_and_processor_time(self, yard: Yard) -> None:
        """What the script holds, and time that goes on as it works."""
        container = yard.engine.start(yard.spec(WORKS, memory="256m"))
        yard.printed(container, "working")

        first = yard.engine.usage(container)
        grown = eventually(lambda: self._grown(yard, container, 0.2), PATIENCE, "no processor time is told")

        assert first is not None
        assert 64 << 20 <= first.memory < 256 << 20
        assert first.memory_limit == (None if yard.engine.check().startswith("processes") else 256 << 20)
        assert grown

    def test_counts_what_the_script_started(self, yard: Yard) -> None:
        """Loaders and workers are part of the training."""
        container = yard.engine.start(yard.spec(CHILD_WORKS, memory="256m"))

        worked = eventually(lambda: self._grown(yard, container, 1.0), PATIENCE, "the child's time is not counted")

        assert worked
        assert (yard.engine.usage(container) or NOTHING).memory > 64 << 20

    def test_of_what_has_ended_nothing_is_known(self, yard: Yard) -> None:
        """Its last state would look like one that goes on."""
        container = yard.ended(yard.engine.start(yard.spec()))

        assert yard.engine.usage(container) is None

    def _grown(self, yard: Yard, container: Container, seconds: float) -> bool:
        usage = yard.engine.usage(container)
        return usage is not None and usage.cpu_seconds > seconds
