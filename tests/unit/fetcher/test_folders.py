"""Folders: what is on disk now, without what is never code."""

from pathlib import Path

import pytest

from services.fetcher.adapters.folders import LocalFolders
from tests.unit.fetcher.repositories import Checkout
from trainyard.errors import SubmissionError


def write(folder: Path, *names: str) -> None:
    """Write small files."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


class TestFetch:
    def test_takes_every_file(self, tmp_path: Path) -> None:
        """Hidden ones and those of other suffixes too."""
        write(tmp_path, "train.py", "data/wines.csv", ".config", "trainyard.toml")

        code = LocalFolders().fetch(str(tmp_path))

        assert code.commit is None
        assert code.files == {
            name: name.encode() for name in ("train.py", "data/wines.csv", ".config", "trainyard.toml")
        }

    @pytest.mark.parametrize(
        "folder", [".git", "__pycache__", ".venv", "node_modules", ".ipynb_checkpoints", ".trainyard", "a/__pycache__"]
    )
    def test_leaves_out_what_is_never_code(self, folder: str, tmp_path: Path) -> None:
        """Version control, environments and caches, at any depth."""
        write(tmp_path, "train.py", f"{folder}/x.py")

        assert list(LocalFolders().fetch(str(tmp_path)).files) == ["train.py"]

    def test_leaves_out_virtual_environments_by_whatever_name(self, tmp_path: Path) -> None:
        """`env` may be code; one with a pyvenv.cfg is not."""
        write(tmp_path, "env/code.py", "my-env/pyvenv.cfg", "my-env/lib/x.py")

        assert list(LocalFolders().fetch(str(tmp_path)).files) == ["env/code.py"]

    def test_takes_a_checkout_as_it_is_on_disk(self, checkout: Checkout) -> None:
        """What was not committed counts: people try things out."""
        checkout.commit({"train.py": "committed"})
        (checkout.folder / "train.py").write_text("changed")

        folders = LocalFolders()

        assert not folders.is_repository(str(checkout.folder))
        assert folders.fetch(str(checkout.folder)).files == {"train.py": b"changed"}

    def test_follows_links_that_stay_within(self, tmp_path: Path) -> None:
        """A link out of the folder would carry other people's files away."""
        folder = tmp_path / "code"
        write(tmp_path, "secret.txt", "code/data.csv")
        (folder / "latest.csv").symlink_to("data.csv")
        (folder / "secret.txt").symlink_to(tmp_path / "secret.txt")
        (folder / "nowhere").symlink_to("nothing")

        assert LocalFolders().fetch(str(folder)).files == {"data.csv": b"code/data.csv", "latest.csv": b"code/data.csv"}

    def test_leaves_out_trainyards_own_folders(self, tmp_path: Path) -> None:
        """Whoever submits the folder above them gets what else is in it."""
        write(tmp_path, "train.py", "data/blobs/secret")
        (tmp_path / "latest").symlink_to("data/blobs/secret")

        assert list(LocalFolders(private=[str(tmp_path / "data")]).fetch(str(tmp_path)).files) == ["train.py"]

    def test_tells_a_bare_repository(self, checkout: Checkout) -> None:
        """That one is fetched from, not copied."""
        assert LocalFolders().is_repository(str(checkout.folder / ".git"))


class TestRefused:
    @pytest.mark.parametrize(("name", "words"), [("nothing", "does not exist"), ("file", "is not a folder")])
    def test_names_a_folder_that_is_not_there(self, name: str, words: str, tmp_path: Path) -> None:
        """The path, and how to hand over a folder that the fetcher cannot see."""
        write(tmp_path, "file")

        with pytest.raises(SubmissionError) as error:
            LocalFolders().fetch(str(tmp_path / name))

        assert str(error.value) == f"{tmp_path / name} {words} on the fetcher's machine"
        assert error.value.reason == "not_found"
        assert "`trainyard submit PATH` uploads any other" in error.value.remedy

    def test_refuses_more_than_it_may_hold(self, tmp_path: Path) -> None:
        """It stops reading at the limit."""
        (tmp_path / "data.bin").write_bytes(b"x" * 2_000_000)

        with pytest.raises(SubmissionError, match="is larger than 1 MiB and was not fetched"):
            LocalFolders(1024 * 1024).fetch(str(tmp_path))
