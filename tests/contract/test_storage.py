"""What every storage promises: on a folder and on an object store (fsspec's, in memory)."""

import threading
import uuid
from pathlib import Path

import fsspec
import pytest

from trainyard.errors import BlobMissingError, StorageUnavailableError
from trainyard.storage import Storage


@pytest.fixture(params=["folder", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return str(tmp_path / "storage") if request.param == "folder" else f"memory://{uuid.uuid4().hex}"


@pytest.fixture
def storage(url: str) -> Storage:
    return Storage(url)


class TestBlobs:
    def test_come_back_by_their_hash(self, storage: Storage) -> None:
        """What is put can be had by the name that was returned."""
        name = storage.put_blob(b"code")

        assert len(name) == 64
        assert storage.get_blob(name) == b"code"

    def test_are_kept_once(self, storage: Storage) -> None:
        """The same content is the same blob."""
        assert storage.put_blob(b"code") == storage.put_blob(b"code")

    def test_can_be_discarded(self, storage: Storage) -> None:
        """Also twice, and also what was never there; nothing else goes with it."""
        name, other = storage.put_blob(b"weights"), storage.put_blob(b"code")

        for gone in (name, name, "f" * 64, "../blobs"):
            storage.discard_blob(gone)

        assert storage.get_blob(other) == b"code"
        with pytest.raises(BlobMissingError):
            storage.get_blob(name)

    def test_are_seen_by_other_services(self, storage: Storage, url: str) -> None:
        """Another object on the same URL finds them."""
        name = storage.put_blob(b"code")

        assert Storage(url).get_blob(name) == b"code"

    def test_may_be_empty_or_any_bytes(self, storage: Storage) -> None:
        """Nothing is taken for text."""
        for data in (b"", bytes(range(256)), b"\r\n"):
            assert storage.get_blob(storage.put_blob(data)) == data

    def test_that_are_missing_are_named(self, storage: Storage) -> None:
        """The error says which blob, and where it was looked for."""
        name = "f" * 64

        with pytest.raises(BlobMissingError, match=f"there is no blob {name} in storage"):
            storage.get_blob(name)

    @pytest.mark.parametrize("name", ["", "../../secret", "..", "A" * 64, "f" * 63])
    def test_are_named_by_hashes_only(self, storage: Storage, name: str) -> None:
        """Names come from messages; no other name leads anywhere."""
        with pytest.raises(BlobMissingError, match="the name is not a sha256"):
            storage.get_blob(name)


class TestFiles:
    def test_come_back_by_job_trial_and_name(self, storage: Storage) -> None:
        """The same name in another trial is another file."""
        storage.put_file("wines", 1, "plots/loss.png", b"one")
        storage.put_file("wines", 2, "plots/loss.png", b"two")

        assert storage.get_file("wines", 1, "plots/loss.png") == b"one"
        assert storage.get_file("wines", 2, "plots/loss.png") == b"two"

    def test_are_replaced_by_a_later_copy(self, storage: Storage) -> None:
        """A redelivery writes them again."""
        storage.put_file("wines", 1, "model.h5", b"old")
        storage.put_file("wines", 1, "model.h5", b"new")

        assert storage.get_file("wines", 1, "model.h5") == b"new"

    def test_lie_where_it_says(self, storage: Storage) -> None:
        """The location opens the file, for people and for other programs."""
        location = storage.put_file("wines", 1, "model.h5", b"model")

        with fsspec.open(location, "rb") as file:
            assert file.read() == b"model"

    @pytest.mark.parametrize("name", ["../other/model.h5", "/etc/passwd", "", "a/../../b"])
    def test_never_leave_their_folder(self, storage: Storage, name: str) -> None:
        """Names come from scripts and from URLs."""
        with pytest.raises(BlobMissingError, match="is not a name within storage"):
            storage.put_file("wines", 1, name, b"")
        with pytest.raises(BlobMissingError, match="is not a name within storage"):
            storage.get_file("wines", 1, name)

    def test_that_are_missing_are_named(self, storage: Storage) -> None:
        """Name, job and trial are in the error."""
        with pytest.raises(BlobMissingError, match=r"model\.h5 of wines, trial 1"):
            storage.get_file("wines", 1, "model.h5")


class TestMarks:
    def test_are_set_once_and_for_all(self, storage: Storage, url: str) -> None:
        """The first content stays; everybody sees it."""
        storage.mark("wines/submission", b"first")
        storage.mark("wines/submission", b"second")

        assert storage.read_mark("wines/submission") == b"first"
        assert Storage(url).marked("wines/submission")

    def test_that_are_not_set_are_not_there(self, storage: Storage) -> None:
        """Neighbours and prefixes do not count."""
        storage.mark("wines/t1/decided")

        assert not storage.marked("wines/t2/decided")
        assert not storage.marked("wines/t1/decide")
        with pytest.raises(BlobMissingError, match="mark wines/ended"):
            storage.read_mark("wines/ended")

    def test_may_be_empty(self, storage: Storage) -> None:
        """Most say all they have to by being there."""
        storage.mark("wines/ended")

        assert storage.marked("wines/ended")
        assert storage.read_mark("wines/ended") == b""


class TestWhole:
    def test_readers_never_see_half_a_file(self, storage: Storage) -> None:
        """While a file is written again and again, each read gives one of the versions whole."""
        versions = [bytes([65 + index]) * 200_000 for index in range(4)]
        storage.put_file("wines", 1, "model.h5", versions[0])
        writer = threading.Thread(
            target=lambda: [storage.put_file("wines", 1, "model.h5", data) for data in versions * 3]
        )

        writer.start()
        seen = []
        while writer.is_alive():
            seen.append(storage.get_file("wines", 1, "model.h5"))
        writer.join()

        assert all(data in versions for data in seen)

    def test_nothing_is_left_beside_the_files(self, storage: Storage, url: str) -> None:
        """Temporary names are gone."""
        storage.put_file("wines", 1, "model.h5", b"model")

        files, root = fsspec.url_to_fs(url)
        assert [path.rsplit("/", 1)[-1] for path in files.find(root)] == ["model.h5"]


class TestAway:
    def test_a_folder_that_cannot_be_written_is_worth_another_try(self, tmp_path: Path) -> None:
        """A full or missing disk is transient; the error names the path."""
        (tmp_path / "file").write_text("in the way")
        storage = Storage(str(tmp_path / "file"))

        with pytest.raises(StorageUnavailableError, match="storage did not answer for"):
            storage.put_blob(b"code")
        with pytest.raises(StorageUnavailableError, match="storage could not write"):
            storage.put_file("wines", 1, "model.h5", b"model")

    def test_a_mark_that_cannot_be_looked_for_is_not_taken_for_unset(self, tmp_path: Path) -> None:
        """Whoever asks would start again what is over."""
        (tmp_path / "file").write_text("in the way")

        with pytest.raises(StorageUnavailableError, match=r"storage did not answer for .*/marks/wines/ended"):
            Storage(str(tmp_path / "file")).marked("wines/ended")

    def test_a_write_that_fails_leaves_nothing_behind(self, tmp_path: Path) -> None:
        """It is tried again and again; what each try leaves would fill the disk."""
        storage = Storage(str(tmp_path))
        storage.put_file("wines", 1, "model/part", b"a folder where a file should go")

        with pytest.raises(StorageUnavailableError, match="storage could not write"):
            storage.put_file("wines", 1, "model", b"x")

        assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["part"]

    def test_a_name_may_be_as_long_as_the_disk_takes(self, tmp_path: Path) -> None:
        """The name under which it is written first is no longer."""
        name = "n" * 255

        Storage(str(tmp_path)).put_file("wines", 1, name, b"x")

        assert Storage(str(tmp_path)).get_file("wines", 1, name) == b"x"
