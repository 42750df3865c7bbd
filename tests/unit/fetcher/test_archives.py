"""Uploads: any usual archive, none that is dangerous, and an answer that can be submitted."""

import io
import json
import tarfile
import zipfile
from collections.abc import Mapping

import pytest

from services.fetcher.archives import ArchiveError, archives_page, read_archive
from trainyard.bundle import unpack
from trainyard.pages import Request
from trainyard.storage import Storage

FILES = {"wines/train.py": b"print(1)\n", "wines/data/x.csv": b"\x00\xff"}


def a_tar(files: Mapping[str, bytes] = FILES, compression: str = "") -> bytes:
    """Make a tar, with a folder and a link in it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=f"w:{compression}") as archive:  # type: ignore[call-overload]
        for name, kind in (("folder", tarfile.DIRTYPE), ("link", tarfile.SYMTYPE), ("pipe", tarfile.FIFOTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname = kind, "/etc/passwd"
            archive.addfile(entry)
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def a_zip(files: Mapping[str, bytes] = FILES) -> bytes:
    """Make a zip, with a folder in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/", b"")
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


class TestRead:
    @pytest.mark.parametrize("data", [a_tar(), a_tar(compression="gz"), a_tar(compression="xz"), a_zip()])
    def test_takes_tar_and_zip_as_they_are(self, data: bytes) -> None:
        """Files only, with the paths they have."""
        assert read_archive(data) == FILES

    @pytest.mark.parametrize("make", [a_tar, a_zip])
    @pytest.mark.parametrize("name", ["../x.py", "/etc/cron.d/x", "a/../../x.py"])
    def test_refuses_paths_that_leave_the_folder(self, make: object, name: str) -> None:
        """The path is named."""
        assert callable(make)
        with pytest.raises(ArchiveError, match="the archive may not hold the path"):
            read_archive(make({name: b""}))

    @pytest.mark.parametrize("data", [a_zip({"bomb": b"\0" * 5_000_000}), a_tar({"b": b"\0" * 5_000_000}, "gz")])
    def test_stops_at_the_limit(self, data: bytes) -> None:
        """A small body may hold a lot; what it says of itself is not believed."""
        assert len(data) < 50_000
        with pytest.raises(ArchiveError, match="holds more than 1 MiB"):
            read_archive(data, most=1024 * 1024)

    @pytest.mark.parametrize("data", [b"", b"hello", a_tar(compression="gz")[:-40], a_zip()[:-60] + b"x" * 30])
    def test_refuses_what_is_no_archive(self, data: bytes) -> None:
        """Also one that was cut short."""
        with pytest.raises(ArchiveError, match=r"neither a tar|is broken"):
            read_archive(data)

    def test_refuses_one_without_files(self) -> None:
        """There is nothing to train in it."""
        with pytest.raises(ArchiveError, match="the archive holds no file"):
            read_archive(a_tar({}))


class TestPage:
    def test_answers_with_what_to_submit(self, storage: Storage) -> None:
        """The bundle is in storage, normalised: however it was packed, the same files are the same code."""
        page = archives_page(storage)

        answers = [page(Request("POST", "", body, {})) for body in (a_tar(), a_zip())]

        assert [answer.status for answer in answers] == [200, 200]
        assert answers[0].body == answers[1].body
        code = json.loads(answers[0].body)["code"]
        assert code.startswith("bundle:")
        assert unpack(storage.get_blob(code.removeprefix("bundle:"))) == FILES

    def test_says_what_is_wrong(self, storage: Storage) -> None:
        """A body that is no archive is a bad request."""
        answer = archives_page(storage)(Request("POST", "", b"hello", {}))

        assert answer.status == 400
        assert json.loads(answer.body) == {"error": "the body is neither a tar (plain or compressed) nor a zip archive"}

    def test_takes_posts_only(self, storage: Storage) -> None:
        """Anything else is told what to do."""
        answer = archives_page(storage)(Request("GET", "", b"", {}))

        assert answer.status == 405
        assert b"POST a tar" in answer.body
