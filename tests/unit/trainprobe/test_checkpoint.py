"""The files of checkpoints."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from trainprobe import checkpoint as module
from trainprobe.checkpoint import Checkpoint, Checkpoints, State


def a_checkpoint(epoch: int = 3, fit: int = 0) -> Checkpoint:
    state = State(fit, epoch, 10, finished=False, curves={"loss": [1.0] * epoch}, input_shape=[None, 4])
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

    def test_are_due_when_they_cost_little(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Cheap ones at once; dear ones after ten seconds, whatever they cost."""
        clock = [100.0]
        monkeypatch.setattr("trainprobe.checkpoint.time.monotonic", lambda: clock[0])
        checkpoints = Checkpoints(tmp_path)
        checkpoints.start()
        monkeypatch.setattr(module, "write_whole", lambda *_: clock.__setitem__(0, clock[0] + 2.0))

        first = checkpoints.is_due()
        checkpoints.save(a_checkpoint())
        soon = checkpoints.is_due()
        clock[0] += 10.0
        later = checkpoints.is_due()

        assert (first, soon, later) == (True, False, True)


class TestKeptFiles:
    def test_come_back(self, tmp_path: Path) -> None:
        """A callback's file outlives the run that wrote it."""
        checkpoints = Checkpoints(tmp_path / "checkpoints")
        (tmp_path / "best.keras").write_text("best")

        checkpoints.keep_file(0, tmp_path / "best.keras")
        checkpoints.bring_back(0, tmp_path / "code" / "best.keras")

        assert (tmp_path / "code" / "best.keras").read_text() == "best"
