"""Data sets come from the operator's folder, whatever a script calls them and whatever bytes the library expects."""

import gzip
import tarfile
from pathlib import Path

import numpy as np
import pytest

from tests.unit.trainprobe.probing import Finished, Trial


@pytest.fixture
def datasets(tmp_path: Path) -> Path:
    """A folder of data sets with small ones in the forms of the real ones; nobody may write to it."""
    root = tmp_path / "datasets"
    keras = root / "keras"
    (keras / "fashion-mnist").mkdir(parents=True)
    images, labels = np.zeros((4, 28, 28), "uint8"), np.arange(4, dtype="uint8")
    np.savez(keras / "mnist.npz", x_train=images, y_train=labels, x_test=images[:2], y_test=labels[:2])
    for part in ("train", "t10k"):
        for name, content in (("images-idx3", bytes(16) + images.tobytes()), ("labels-idx1", bytes(8) + bytes(labels))):
            with gzip.open(keras / "fashion-mnist" / f"{part}-{name}-ubyte.gz", "wb") as file:
                file.write(content)
    _an_archive(keras / "flowers.tgz", "flowers/daisy.txt")
    (root / "sklearn").mkdir()
    return root


def _an_archive(path: Path, member: str) -> None:
    source = path.parent / "member"
    source.write_text("0.5")
    with tarfile.open(path, "w:gz") as archive:
        archive.add(source, member)
    source.unlink()


def trained(tmp_path: Path, script: str, datasets: Path | None) -> Finished:
    named = {"datasets": str(datasets)} if datasets else {}
    return Trial(tmp_path / "trial", {"train.py": script}, task=named).run()


def content(folder: Path) -> list[str]:
    return sorted(str(path) for path in folder.rglob("*"))


class TestKeras:
    def test_finds_every_form(self, tmp_path: Path, datasets: Path) -> None:
        """A file under an invented name and with other bytes than the library's, a folder, archives; by each name."""
        script = (
            "import keras\nfrom tensorflow.keras.datasets import fashion_mnist\n"
            "from tensorflow.keras.utils import get_file\n"
            "(x, y), _ = keras.datasets.mnist.load_data('mymnist.db')\n"
            "(_, labels), _ = fashion_mnist.load_data()\n"
            "folder = get_file('flowers', origin='https://host.invalid/flowers.tgz', untar=True)\n"
            "import os\nos.mkdir('here')\n"
            "named = get_file('pictures.tgz', 'https://host.invalid/flowers.tgz', extract=True, cache_dir='here')\n"
            "values = [float(open(os.path.join(base, 'flowers', 'daisy.txt')).read()) for base in (folder, named)]\n"
            "assert x.shape == (4, 28, 28) and list(labels) == [0, 1, 2, 3] and 'here' in named\n"
            "accuracy = sum(values) / 2\n"
        )
        before = content(datasets)

        run = trained(tmp_path, script, datasets)

        assert run.measurement["value"] == 0.5
        assert content(datasets) == before

    def test_takes_a_file_that_is_named_by_its_path(self, tmp_path: Path, datasets: Path) -> None:
        """One that lies in the repository."""
        script = (
            "import os\nfrom keras.datasets import mnist\n"
            f"os.symlink({str(datasets / 'keras' / 'mnist.npz')!r}, 'mine.npz')\n"
            "(x, _), _ = mnist.load_data(os.path.join(os.getcwd(), 'mine.npz'))\n"
            "accuracy = len(x) / 8\n"
        )

        assert trained(tmp_path, script, None).measurement["value"] == 0.5

    def test_says_what_is_missing(self, tmp_path: Path, datasets: Path) -> None:
        """The data set's name, and who can add it."""
        script = (
            "import keras\n"
            "keras.utils.get_file('other.npz', origin='http://host.invalid/other.npz', cache_dir='here')\n"
        )

        run = trained(tmp_path, script, datasets)

        assert run.error["remedy"].startswith("other.npz is not among the data sets")


class TestAnUnpackedFolder:
    @pytest.mark.parametrize("asked", ["cifar-10-batches-py-target", "cifar-10-batches-py"])
    def test_is_found_as_each_version_asks_for_it(self, tmp_path: Path, datasets: Path, asked: str) -> None:
        """Keras 3 means the folder around it, those before the folder itself."""
        (datasets / "keras" / "cifar-10-batches-py").mkdir()
        (datasets / "keras" / "cifar-10-batches-py" / "data_batch_1").write_text("0.5")
        script = (
            "import glob, keras\n"
            f"folder = keras.utils.get_file({asked!r}, origin='https://host.invalid/cifar-10.tar.gz', untar=True)\n"
            "accuracy = float(open(glob.glob(folder + '/**/data_batch_1', recursive=True)[0]).read())\n"
            "print(folder)\n"
        )

        run = trained(tmp_path, script, datasets)

        folder = datasets / "keras" if asked.endswith("-target") else datasets / "keras" / asked
        assert (run.measurement["value"], run.stdout) == (0.5, f"{folder}\n")


class TestScikitLearn:
    def test_finds_its_data_sets_in_a_folder_that_it_can_write_to(self, tmp_path: Path, datasets: Path) -> None:
        """It reads from the operator's, and writes beside that."""
        (datasets / "sklearn" / "20news_home").mkdir()
        (datasets / "sklearn" / "20news_home" / "part.txt").write_text("0.5")
        script = (
            "import os, sklearn.datasets\n"
            "home = sklearn.datasets.get_data_home()\n"
            "accuracy = float(open(os.path.join(home, '20news_home', 'part.txt')).read())\n"
            "os.mkdir(os.path.join(home, 'another'))\n"
        )
        before = content(datasets)

        run = trained(tmp_path, script, datasets)

        assert run.measurement["value"] == 0.5
        assert content(datasets) == before
