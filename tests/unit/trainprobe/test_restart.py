"""The code's folder before each run of a trial."""

import os
from pathlib import Path

import pytest

from trainprobe.training.restart import bring_back, start_clean


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """The author's files, seen by a first run, which left some of its own."""
    code = tmp_path / "code"
    (code / "weights").mkdir(parents=True)
    (code / "train.py").touch()
    (code / "weights" / "theirs.h5").touch()
    (code / os.fsdecode(b"mod\xe8le.txt")).touch()
    start_clean(code, tmp_path / "checkpoints")
    (code / "weights" / "at-01-0.50.h5").write_text("1")
    (code / "weights" / "at-02-0.25.h5").write_text("2")
    (code / "weights" / "other.h5").touch()
    (code / "made" / "deep").mkdir(parents=True)
    (code / "made" / "deep" / "log").touch()
    (code / "link").symlink_to("weights")
    return code


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


class TestStartClean:
    def test_leaves_the_authors_files_and_folders_only(self, code: Path, tmp_path: Path) -> None:
        """Also one whose name is no Unicode."""
        start_clean(code, tmp_path / "checkpoints")

        assert names(code) == {"train.py", "weights", "weights/theirs.h5", os.fsdecode(b"mod\xe8le.txt")}

    def test_loses_nothing_that_runs_before_the_last_one_wrote(self, code: Path, tmp_path: Path) -> None:
        """Also where the run between them did not come as far."""
        start_clean(code, tmp_path / "checkpoints")
        (code / "made").mkdir()
        (code / "made" / "new").touch()
        start_clean(code, tmp_path / "checkpoints")

        assert {"weights/at-01-0.50.h5", "made/deep/log", "made/new", "link"} <= names(
            tmp_path / "checkpoints" / "aside"
        )


class TestBringBack:
    def test_puts_back_what_the_name_stands_for(
        self, code: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The files of the epochs before, seen from where the script runs."""
        monkeypatch.chdir(code / "weights")
        start_clean(code, tmp_path / "checkpoints")

        bring_back(Path("at-{epoch:02d}-{val_loss:.2f}.h5"), tmp_path / "checkpoints")

        assert {path.name for path in (code / "weights").iterdir()} == {"theirs.h5", "at-01-0.50.h5", "at-02-0.25.h5"}
        assert (code / "weights" / "at-02-0.25.h5").read_text() == "2"

    def test_does_nothing_without_an_earlier_run(self, tmp_path: Path) -> None:
        """There is nothing to put back."""
        bring_back(Path("at-{epoch}.h5"), tmp_path / "checkpoints")

        assert list(tmp_path.iterdir()) == []
