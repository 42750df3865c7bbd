"""`.trainyard/`: sessions come and go, results stay."""

from pathlib import Path

import pytest

from trainyard.errors import EngineUnavailableError
from trainyard_cli.embedded.home import Home
from trainyard_cli.errors import CommandError


class TestHome:
    def test_keeps_git_out(self, tmp_path: Path) -> None:
        """Nothing in it is ever committed by accident."""
        Home(tmp_path)

        assert (tmp_path / ".trainyard" / ".gitignore").read_text() == "*\n"

    def test_says_when_it_cannot_be_written(self, tmp_path: Path) -> None:
        """A folder that is no folder: the remedy is another one."""
        (tmp_path / "file").write_text("")

        with pytest.raises(CommandError, match="Run trainyard in a folder where you have write permission"):
            Home(tmp_path / "file")


class TestSession:
    def test_is_gone_in_the_end(self, tmp_path: Path) -> None:
        """Working folders do not pile up."""
        with Home(tmp_path).session() as folder:
            (folder / "ledger.db").write_text("x")

        assert not folder.exists()

    def test_removes_what_a_killed_run_left(self, tmp_path: Path) -> None:
        """A run that could not clean up is cleaned up by the next."""
        left = tmp_path / ".trainyard" / "sessions" / "1"
        left.mkdir(parents=True)
        (left / "lock").write_text("")

        with Home(tmp_path).session():
            assert not left.exists()

    def test_keeps_what_could_not_be_cleaned_for_another_time(self, tmp_path: Path) -> None:
        """What a killed run left in Docker is found again once the engine answers."""
        left = tmp_path / ".trainyard" / "sessions" / "1"
        left.mkdir(parents=True)
        (left / "lock").write_text("")

        def away(_: Path) -> None:
            raise EngineUnavailableError

        with Home(tmp_path).session(away):
            assert left.exists()

    def test_leaves_a_run_alone_that_is_under_way(self, tmp_path: Path) -> None:
        """Two runs in one folder do not disturb each other."""
        with Home(tmp_path).session() as first:
            other = first.rename(first.with_name("1"))

            with Home(tmp_path).session():
                assert other.exists()
