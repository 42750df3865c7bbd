"""What is delivered, and the commands that apply the patch: they are run as printed."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.unit.cli.factories import a_job, a_trial, a_tweaked
from trainyard.diff.patch import make_patch
from trainyard_cli.embedded.delivering import commands, deliver
from trainyard_cli.errors import CommandError
from trainyard_cli.view.job import Job, JobFile

BEFORE, AFTER = b"x = 1\ny = 2\n", b"x = 1\ny = 3\n"
DIFF = make_patch({"train.py": BEFORE}, {"train.py": AFTER})


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the command runs in, with a folder of code whose name has a space in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my code").mkdir()
    (tmp_path / "my code" / "train.py").write_bytes(BEFORE)
    return tmp_path


def a_passed(*files: JobFile) -> Job:
    """A job that passed with its second trial."""
    return a_job(a_trial(1, 0.4), a_tweaked(2, 0.9, "test"), outcome="passed", files=files)


class TestDeliver:
    def test_copies_the_files_of_the_best_trial(self, here: Path) -> None:
        """Models and figures of other trials are left where they are."""
        for name in ("model.h5", "curve.png", "old.h5"):
            (here / name).write_text(name)
        job = a_passed(
            JobFile(trial=2, name="model.h5", kind="model", location=str(here / "model.h5")),
            JobFile(trial=2, name="figures/curve.png", kind="figure", location=str(here / "curve.png")),
            JobFile(trial=1, name="old.h5", kind="model", location=str(here / "old.h5")),
        )

        delivery = deliver(job, DIFF, here / "out", here / "my code")

        assert delivery.models == ["out/model.h5"]
        assert delivery.others == ["out/figures/curve.png"]
        assert delivery.patch == "out/trainyard.patch"
        assert not (here / "out" / "old.h5").exists()

    def test_writes_all_that_was_measured(self, here: Path) -> None:
        """`job.json` is for programs."""
        deliver(a_passed(), "", here / "out", here / "my code")

        told = json.loads((here / "out" / "job.json").read_text())
        assert (told["outcome"], told["best_trial"]) == ("passed", 2)

    def test_has_no_patch_where_nothing_was_changed(self, here: Path) -> None:
        """The author's own code passed: there is nothing to apply."""
        delivery = deliver(a_passed(), "", here / "out", here / "my code")

        assert (delivery.patch, delivery.apply) == (None, ())

    def test_says_when_the_target_cannot_be_written(self, here: Path) -> None:
        """The remedy is another folder."""
        (here / "file").write_text("")

        with pytest.raises(CommandError, match="--to"):
            deliver(a_passed(), DIFF, here / "file", here / "my code")


class TestCommands:
    @pytest.mark.parametrize("repository", [None, ".", "my code"])
    def test_apply_the_patch(self, here: Path, repository: str | None) -> None:
        """Without git, in a folder below a checkout's root, and at its root: each command does it."""
        if repository:
            subprocess.run(["git", "init", "-q", str(here / repository)], check=True)
        deliver(a_passed(), DIFF, here / "out", here / "my code")

        for command in commands(here / "out" / "trainyard.patch", here / "my code"):
            (here / "my code" / "train.py").write_bytes(BEFORE)
            subprocess.run(command, shell=True, check=True)  # noqa: S602  as printed
            assert (here / "my code" / "train.py").read_bytes() == AFTER, command

    def test_are_for_the_authors_clone_where_the_code_is_elsewhere(self, here: Path) -> None:
        """The patch is named by its whole path, since the clone may be anywhere."""
        assert commands(here / "p", None) == [f"git apply {here / 'p'}"]
