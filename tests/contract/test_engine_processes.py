"""What child processes do in their own way; what they do not promise is said in their module."""

import pytest

from tests.contract.engines import WAITS, Yard, process_yard

__all__ = ["process_yard"]  # a fixture


class TestProcesses:
    def test_a_new_engine_knows_the_volumes_but_not_the_runs(self, process_yard: Yard) -> None:
        """Runs end with their process, so that none is there to be found; their checkpoints are."""
        process_yard.ended(process_yard.engine.start(process_yard.spec()))

        again = process_yard.again()

        assert (again.containers(), again.volumes()) == ([], [(process_yard.job, 1)])

    def test_children_end_with_the_engine(self, process_yard: Yard) -> None:
        """What ties them to us is a pipe: closed, by whatever end of ours, they end."""
        engine = process_yard.engine
        container = engine.start(process_yard.spec(WAITS))
        process_yard.printed(container, "waiting")

        engine.close()  # type: ignore[attr-defined]

        assert process_yard.ended(container).exit_code == 137

    def test_passwords_of_ours_stay_with_us(self, process_yard: Yard, monkeypatch: pytest.MonkeyPatch) -> None:
        """A script does not inherit Trainyard's own settings."""
        monkeypatch.setenv("TRAINYARD_BROKER_URL", "amqp://trainer:secret@host/")
        script = "import os\nprint('inherited', 'secret' in str(os.environ))\naccuracy = 1\n"

        container = process_yard.ended(process_yard.engine.start(process_yard.spec(script)))

        assert "inherited False" in process_yard.engine.logs(container)
