"""What PATH may be."""

from pathlib import Path

import pytest

from trainyard_cli.errors import UsageError
from trainyard_cli.source import overrides, read_source


class TestReadSource:
    @pytest.mark.parametrize(
        ("url", "title"),
        [
            ("https://host/user/wines.git", "wines"),
            ("ssh://git@host/user/wines", "wines"),
            ("git@host:user/wines.git", "wines"),
            ("git@host:wines.git", "wines"),
        ],
    )
    def test_takes_a_git_url_as_it_is(self, url: str, title: str) -> None:
        """A URL is fetched later; its last part is its title."""
        source = read_source(url)

        assert (source.code, source.folder, source.title) == (url, None, title)

    def test_takes_a_folder(self, tmp_path: Path) -> None:
        """A folder is named by its absolute file URL."""
        source = read_source(str(tmp_path))

        assert source.code == tmp_path.as_uri()
        assert source.folder == tmp_path
        assert source.entrypoint is None

    def test_takes_a_file_url(self, tmp_path: Path) -> None:
        """`file:///folder` is the folder, also with a space in it."""
        folder = tmp_path / "my wines"
        folder.mkdir()

        assert read_source(folder.as_uri()).folder == folder

    def test_takes_a_script_as_the_entrypoint_of_its_folder(self, tmp_path: Path) -> None:
        """One script is trained within its folder, where its data lies."""
        (tmp_path / "train.py").write_text("")

        source = read_source(str(tmp_path / "train.py"))

        assert (source.folder, source.entrypoint, source.title) == (tmp_path, "train.py", "train")

    @pytest.mark.parametrize("path", ["", "  ", "/no/such/folder"])
    def test_refuses_what_is_not_there(self, path: str) -> None:
        """An empty path and a name of nothing are errors of the command line."""
        with pytest.raises(UsageError, match="Name a folder"):
            read_source(path)

    def test_refuses_a_file_that_is_no_script(self, tmp_path: Path) -> None:
        """Data alone cannot be trained."""
        (tmp_path / "wines.csv").write_text("")

        with pytest.raises(UsageError, match="is not a Python script"):
            read_source(str(tmp_path / "wines.csv"))


class TestOverrides:
    def test_holds_only_what_was_said(self) -> None:
        """What the person did not say stays as the author's file has it."""
        assert overrides(threshold=None, trials=None) == {}

    def test_names_settings_as_the_file_does(self) -> None:
        """The keys are those of trainyard.toml."""
        assert overrides(threshold=0.5, trials=3, seed=7, entrypoint="a.py") == {
            "threshold": 0.5,
            "seed": 7,
            "entrypoint": "a.py",
            "budget": {"trials": 3},
        }

    def test_refuses_a_threshold_that_nothing_can_reach(self) -> None:
        """Not a number is no bar."""
        with pytest.raises(UsageError, match="nan cannot be reached"):
            overrides(threshold=float("nan"), trials=None)
