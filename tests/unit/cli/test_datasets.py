"""Which files `trainyard datasets add` takes, and what they are called in the volume."""

from pathlib import Path

import pytest

from trainyard_cli.datasets import files_to_add, grouped, volume_of
from trainyard_cli.errors import UsageError
from trainyard_cli.view import words


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file, and a folder of two."""
    (tmp_path / "fashion" / "raw").mkdir(parents=True)
    for name in ("mnist.npz", "fashion/a.gz", "fashion/raw/b.gz"):
        (tmp_path / name).write_bytes(b"data")
    monkeypatch.chdir(tmp_path)
    return tmp_path


class TestChosen:
    def test_files_and_folders_keep_their_names(self, here: Path) -> None:
        """Below the folder of the library that looks for them, wherever they lie here."""
        files = files_to_add([str(here / "mnist.npz"), "fashion"], "keras")

        assert files == {
            "keras/mnist.npz": str(here / "mnist.npz"),
            "keras/fashion/a.gz": "fashion/a.gz",
            "keras/fashion/raw/b.gz": "fashion/raw/b.gz",
        }

    @pytest.mark.parametrize("written", ["fashion/.", "fashion/./"])
    def test_the_content_of_a_folder_alone(self, here: Path, written: str) -> None:
        """As `cp -r` has it: for a folder that is a library's own already."""
        assert sorted(files_to_add([written], "sklearn")) == ["sklearn/a.gz", "sklearn/raw/b.gz"], here

    def test_the_folder_one_is_in(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A lone dot has no name of its own."""
        monkeypatch.chdir(here / "fashion")

        assert sorted(files_to_add(["."], "torch")) == ["torch/a.gz", "torch/raw/b.gz"]

    @pytest.mark.parametrize(("path", "said"), [("nowhere", "does not exist"), ("empty", "holds no file")])
    def test_nothing_to_add_is_told(self, here: Path, path: str, said: str) -> None:
        """A slip in the name does not look like success."""
        (here / "empty").mkdir()

        with pytest.raises(UsageError, match=said):
            files_to_add(["mnist.npz", path], "keras")


class TestGrouped:
    def test_shows_a_data_set_a_line(self) -> None:
        """A folder of sixty thousand pictures is one data set."""
        files = {"keras/mnist.npz": 10, "keras/flowers/1.png": 1, "keras/flowers/red/2.png": 2, "torch/MNIST/raw/x": 5}

        assert grouped(files) == [("keras/flowers", 2, 3), ("keras/mnist.npz", 1, 10), ("torch/MNIST", 1, 5)]

    @pytest.mark.parametrize(
        ("size", "said"),
        [
            (0, "0 B"),
            (512, "512 B"),
            (1536, "1.5 KiB"),
            (11 << 20, "11.0 MiB"),
            (5 << 30, "5.0 GiB"),
            (3 << 40, "3.0 TiB"),
        ],
    )
    def test_says_sizes_as_people_do(self, size: int, said: str) -> None:
        """One digit after the point is enough."""
        assert words.size(size) == said


class TestVolumeOf:
    def test_a_folder_needs_no_command(self) -> None:
        """Where trainings are child processes, files are simply copied there."""
        with pytest.raises(UsageError, match=r"is the folder /srv/sets\. Copy files into /srv/sets/keras"):
            volume_of("/srv/sets")

    def test_a_name_is_a_volume(self) -> None:
        """Nothing is no name."""
        assert volume_of("sets") == "sets"
        with pytest.raises(UsageError, match="is empty"):
            volume_of("")
