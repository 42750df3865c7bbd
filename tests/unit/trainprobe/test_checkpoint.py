"""The files of checkpoints."""

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trainprobe.training import checkpoint as module
from trainprobe.training.checkpoint import Checkpoint, Checkpoints, State

KILLED_WHILE_WRITING = """
import os, signal, sys
sys.path.insert(0, {package!r})
import numpy as np
from pathlib import Path
from trainprobe.training import checkpoint
from trainprobe.training.checkpoint import Checkpoint, Checkpoints, State

checkpoints = Checkpoints(Path({folder!r}))
state = State(0, 3, 10, finished=False)
checkpoints.save(Checkpoint(state, {{'w0': np.zeros(1000)}}))


class Dies:
    def __array__(self, *_, **__):
        os.kill(os.getpid(), signal.SIGKILL)


state.epoch = 4
checkpoints.save(Checkpoint(state, {{'w0': np.zeros(10000), 'w1': Dies()}}))
"""


def a_checkpoint(epoch: int = 3, fit: int = 0) -> Checkpoint:
    state = State(fit, epoch, 10, finished=False, curves={"loss": [1.0] * epoch}, plan={"steps": [[0]]})
    return Checkpoint(state, {"w0": np.arange(6.0).reshape(2, 3), "o0": np.asarray(epoch)})


class TestCheckpoints:
    def test_come_back_as_they_were(self, tmp_path: Path) -> None:
        """State and arrays, types and shapes."""
        Checkpoints(tmp_path / "new").save(a_checkpoint())

        found, problems = Checkpoints(tmp_path / "new").load(0)

        assert found is not None
        assert (found.state, problems) == (a_checkpoint().state, [])
        np.testing.assert_array_equal(found.arrays["w0"], a_checkpoint().arrays["w0"])
        assert found.arrays["o0"].shape == ()

    def test_are_not_there_before_the_first_is_written(self, tmp_path: Path) -> None:
        """A first run starts afresh and says nothing about it."""
        assert Checkpoints(tmp_path).load(0) == (None, [])

    @pytest.mark.parametrize(
        "spoil", [lambda data: data[:100], lambda data: data[:0], lambda data: data[:300] + b"x" + data[301:]]
    )
    def test_fall_back_to_the_one_before(self, tmp_path: Path, spoil: object) -> None:
        """Cut short, empty, or with one wrong byte."""
        checkpoints = Checkpoints(tmp_path)
        checkpoints.save(a_checkpoint(epoch=3))
        checkpoints.save(a_checkpoint(epoch=4))
        path = checkpoints.path(0)
        path.write_bytes(spoil(path.read_bytes()))  # type: ignore[operator]

        found, problems = checkpoints.load(0)

        assert found is not None
        assert found.state.epoch == 3
        assert "fit-0.npz" in problems[0]

    def test_survive_a_crash_between_two_renames(self, tmp_path: Path) -> None:
        """Then only the one before has its name."""
        checkpoints = Checkpoints(tmp_path)
        checkpoints.save(a_checkpoint())
        checkpoints.path(0).rename(tmp_path / "fit-0.previous.npz")

        found, _ = checkpoints.load(0)

        assert found is not None

    def test_survive_a_kill_while_one_is_written(self, tmp_path: Path) -> None:
        """SIGKILL in the middle of the file: the one before counts."""
        script = KILLED_WHILE_WRITING.format(package=str(Path(module.__file__).parents[1]), folder=str(tmp_path))

        ended = subprocess.run([sys.executable, "-c", script], check=False)
        found, problems = Checkpoints(tmp_path).load(0)

        assert ended.returncode == -signal.SIGKILL
        assert (tmp_path / "fit-0.npz.tmp").stat().st_size > 1000
        assert found is not None
        assert (found.state.epoch, problems) == (3, [])

    def test_stay_as_they_are_when_there_is_no_room(self, tmp_path: Path) -> None:
        """What can't be written leaves the one before, and no half file."""
        checkpoints = Checkpoints(tmp_path)
        checkpoints.save(a_checkpoint(epoch=3))
        (tmp_path / "fit-0.npz.tmp").mkdir()

        with pytest.raises(OSError, match="directory"):
            checkpoints.save(a_checkpoint(epoch=4))

        found, _ = checkpoints.load(0)
        assert found is not None
        assert found.state.epoch == 3

    def test_of_finished_fits_are_let_go_beyond_the_room(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A script with a thousand fits does not fill the disk."""
        monkeypatch.setattr(module, "ROOM", 1)
        checkpoints = Checkpoints(tmp_path)
        checkpoints.save(a_checkpoint())

        checkpoints.settle(0)

        assert list(tmp_path.iterdir()) == []


class Clock:
    """Time that passes when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr("trainprobe.training.checkpoint.time.monotonic", lambda: self.now)

    def write(self, checkpoints: Checkpoints, seconds: float) -> None:
        """Let a checkpoint take so long."""
        with checkpoints.spending():
            self.now += seconds


class TestDue:
    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Clock:
        """The probe's clock."""
        return Clock(monkeypatch)

    @pytest.fixture
    def checkpoints(self, tmp_path: Path, clock: Clock) -> Checkpoints:
        """Checkpoints of a training that begins now."""
        checkpoints = Checkpoints(tmp_path)
        checkpoints.start()
        assert clock.now == 100.0
        return checkpoints

    @pytest.mark.parametrize(("seconds", "due"), [(0.1, False), (0.3, True)])
    def test_is_the_first_when_it_should_cost_little(
        self, clock: Clock, checkpoints: Checkpoints, *, seconds: float, due: bool
    ) -> None:
        """What it will cost is told by its size until one was written: a megabyte takes some ten milliseconds."""
        clock.now += seconds

        assert checkpoints.is_due(1_000_000) is due

    @pytest.mark.parametrize(("seconds", "due"), [(4.9, False), (5.1, True)])
    def test_is_the_next_when_it_costs_little_of_the_time_since(
        self, clock: Clock, checkpoints: Checkpoints, *, seconds: float, due: bool
    ) -> None:
        """Four percent, by what the last one took."""
        clock.write(checkpoints, 0.2)
        clock.now += seconds

        assert checkpoints.is_due(1) is due

    def test_is_a_dear_one_after_ten_seconds(self, clock: Clock, checkpoints: Checkpoints) -> None:
        """As long as all of them take five percent at most."""
        clock.now += 60.0
        clock.write(checkpoints, 2.0)
        clock.now += 11.0
        too_dear = checkpoints.is_due(1)
        clock.now += 9.0

        assert (too_dear, checkpoints.is_due(1)) == (False, True)

    def test_is_the_end_of_a_short_fit(self, clock: Clock, checkpoints: Checkpoints) -> None:
        """So that a script with several short fits need not train them again; up to a fifth of a second in all."""
        cheap = checkpoints.is_due(1, at_end=True)
        clock.write(checkpoints, 0.15)

        assert (cheap, checkpoints.is_due(1, at_end=True)) == (True, False)

    def test_may_be_dearer_where_it_saves_another_trial_a_training(
        self, clock: Clock, checkpoints: Checkpoints
    ) -> None:
        """Two seconds, or five percent of a long training; whatever was spent on others."""
        clock.write(checkpoints, 1.9)
        short = checkpoints.is_worth_it(1)
        clock.write(checkpoints, 2.1)
        dear = checkpoints.is_worth_it(1)
        clock.now += 60.0

        assert (short, dear, checkpoints.is_worth_it(1)) == (True, False, True)


class TestKeptFiles:
    def test_come_back(self, tmp_path: Path) -> None:
        """A callback's file outlives the run that wrote it."""
        checkpoints = Checkpoints(tmp_path / "checkpoints")
        (tmp_path / "best.keras").write_text("best")

        checkpoints.keep_file(0, tmp_path / "best.keras")
        checkpoints.bring_back(0, tmp_path / "code" / "best.keras")

        assert (tmp_path / "code" / "best.keras").read_text() == "best"

    def test_go_along_to_another_trial(self, tmp_path: Path) -> None:
        """In one file with the checkpoint, which is read as without them."""
        checkpoints, others = Checkpoints(tmp_path / "checkpoints"), Checkpoints(tmp_path / "others")
        (tmp_path / "best.keras").write_text("best")
        checkpoints.save(a_checkpoint())
        checkpoints.keep_file(0, tmp_path / "best.keras")

        checkpoints.copy_to(0, tmp_path / "checkpoint.npz")
        others.take_files(0, tmp_path / "checkpoint.npz")
        others.bring_back(0, tmp_path / "code" / "best.keras")

        found = others.read_from(tmp_path / "checkpoint.npz")
        assert found is not None
        assert found.state == a_checkpoint().state
        assert set(found.arrays) == set(a_checkpoint().arrays)
        assert (tmp_path / "code" / "best.keras").read_text() == "best"
