"""A run that was killed goes on where it was."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from tests.unit.trainprobe.probing import Finished, Trial

EPOCHS = 30


def checkpoint(trial: Trial, name: str = "fit-1.npz") -> tuple[dict[str, Any], dict[str, Any]]:
    with np.load(trial.root / "checkpoints" / name) as stored:
        arrays = {key: stored[key] for key in stored.files}
    return json.loads(arrays.pop("state").tobytes()), arrays


def restored(trial: Trial) -> dict[str, Any]:
    with np.load(Path(trial.root / "code" / "restored.npz")) as stored:
        return {key: stored[key] for key in stored.files}


def epochs_of(trial: Trial, fit: int) -> list[int]:
    return [event["epoch"] for event in trial.events(2) if event["event"] == "epoch" and event["fit"] == fit]


class TestAKilledRun:
    def test_leaves_no_result(self, killed: Trial) -> None:
        """So that it is seen as a crash."""
        assert sorted(path.name for path in killed.run_dir(1).iterdir()) == ["epochs.jsonl", "task.json"]

    def test_has_lost_at_most_ten_seconds(self, killed: Trial) -> None:
        """Epochs are short here, so the checkpoint is one of the last."""
        saved, _ = checkpoint(killed)
        seen = [event for event in killed.events(1) if event["event"] == "epoch" and event["fit"] == 1]
        lost = [event["seconds"] for event in seen if event["epoch"] > saved["epoch"]]

        assert 0 < saved["epoch"] <= len(seen) + 1
        assert sum(lost) < 10


class TestTheNextRun:
    def test_goes_on_with_the_epoch_after_the_checkpoint(self, killed: Trial, resumed: tuple[Trial, Finished]) -> None:
        """It says so, and trains what is missing only."""
        trial, _ = resumed
        saved, _ = checkpoint(killed)

        assert {"event": "resumed", "fit": 1, "epoch": saved["epoch"]}.items() <= trial.events(2)[1].items()
        assert epochs_of(trial, 1) == list(range(saved["epoch"] + 1, EPOCHS + 1))

    def test_has_the_weights_and_optimizer_state_of_the_checkpoint(
        self, killed: Trial, resumed: tuple[Trial, Finished]
    ) -> None:
        """Bit by bit, as the script itself sees them when the first epoch begins."""
        trial, _ = resumed
        saved, stored = checkpoint(killed)
        arrays = {name: array for name, array in stored.items() if name[0] in "wo"}  # weights, and the optimizer's
        seen = restored(trial)

        assert seen.pop("epoch") == saved["epoch"]
        assert set(seen) == set(arrays)
        assert len([name for name in arrays if name.startswith("o")]) > 4
        for name, array in arrays.items():
            np.testing.assert_array_equal(seen[name], array)

    def test_skips_the_fit_that_was_finished(self, resumed: tuple[Trial, Finished]) -> None:
        """Early stopping had ended it after three of fifty epochs, and it stays ended."""
        trial, run = resumed

        assert {"event": "skipped", "fit": 0, "epochs": 50}.items() <= trial.events(2)[0].items()
        assert epochs_of(trial, 0) == []
        assert "first fit 3 3\n" in run.stdout

    def test_gives_the_script_whole_histories(self, resumed: tuple[Trial, Finished]) -> None:
        """As if nothing had happened, the optimizer's step count included."""
        _, run = resumed

        assert f"second fit {EPOCHS} {EPOCHS}\n" in run.stdout
        assert f"steps {EPOCHS * 4}\n" in run.stdout
        assert {curve["epochs"] for curve in run.result["curves"]} == {EPOCHS}

    def test_gives_the_script_the_file_of_the_best_epoch(self, resumed: tuple[Trial, Finished]) -> None:
        """``ModelCheckpoint`` wrote it in the run before; the script ends by loading it."""
        _, run = resumed

        assert (run.code, run.result["warning"]) == (0, None)


class TestASpoiltCheckpoint:
    def test_gives_way_to_the_one_before(self, spoilt: tuple[Trial, Finished], killed: Trial) -> None:
        """And the log says so."""
        trial, _ = spoilt
        saved, _ = checkpoint(killed, "fit-1.previous.npz")
        told = [event for event in trial.events(2) if event["event"] == "checkpoint" and event["fit"] == 1]

        assert [(event["state"], event["used"]) for event in told] == [("corrupt", "previous")]
        assert epochs_of(trial, 1)[0] == saved["epoch"] + 1

    def test_means_a_fresh_start_where_there_is_no_other(self, spoilt: tuple[Trial, Finished]) -> None:
        """And the log says so."""
        trial, run = spoilt
        told = [event for event in trial.events(2) if event["event"] == "checkpoint" and event["fit"] == 0]

        assert [(event["state"], event["used"]) for event in told] == [("corrupt", "none")]
        assert epochs_of(trial, 0) == [1, 2, 3]
        assert run.result["warning"] is None
