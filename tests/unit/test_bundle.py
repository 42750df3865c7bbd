"""Bundles: the same files are the same bytes, and come back as they were."""

import hashlib
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainyard.bundle import digest, pack, unpack
from trainyard.errors import PermanentError

NAMES = st.lists(st.text("abcäé -_", min_size=1, max_size=40), min_size=1, max_size=3).map("/".join)


KNOWN = "8de8b8d29451d74e867b57d4c60034f085611f2e6aaaa4d1d58b564c26baf34d"


def a_tar(*names: str, kind: bytes = tarfile.REGTYPE) -> bytes:
    """Make a tar that `pack` would not make."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.type = kind
            entry.linkname = "/etc/passwd"
            archive.addfile(entry)
    return buffer.getvalue()


class TestPack:
    def test_does_not_depend_on_the_order(self) -> None:
        """Two ways to the same files give one name."""
        assert pack({"a.py": b"1", "b.py": b"2"}) == pack({"b.py": b"2", "a.py": b"1"})

    def test_gives_another_name_to_other_content(self) -> None:
        """One byte is enough, and so is another path."""
        names = {digest(pack(files)) for files in ({"a": b"1"}, {"a": b"2"}, {"b": b"1"}, {"a": b"1", "b": b""})}

        assert len(names) == 4

    def test_holds_no_times_owners_or_modes_of_the_day(self) -> None:
        """Every entry looks the same but for name and size."""
        with tarfile.open(fileobj=io.BytesIO(pack({"a.py": b"1", "b/c.py": b"2"}))) as archive:
            seen = {(member.mtime, member.uid, member.gid, member.uname, member.mode) for member in archive}

        assert seen == {(0, 0, 0, "", 0o644)}

    def test_stays_the_same_from_version_to_version(self) -> None:
        """The names of bundles in storage must not change under their messages."""
        assert digest(pack({"train.py": b"print(1)\n", "data/ä.csv": b"\x00\xff"})) == KNOWN

    @pytest.mark.parametrize("name", ["/etc/passwd", "../x", "a/../../x", "", "."])
    def test_refuses_paths_that_leave_the_folder(self, name: str) -> None:
        """A bundle is unpacked in other places; nothing may escape there."""
        with pytest.raises(PermanentError, match="may not contain the path"):
            pack({name: b""})


class TestUnpack:
    @given(files=st.dictionaries(NAMES, st.binary(max_size=50), max_size=5))
    def test_gives_back_what_was_packed(self, files: dict[str, bytes]) -> None:
        """Whatever the names and contents."""
        assert unpack(pack(files)) == files

    def test_refuses_what_is_no_tar(self) -> None:
        """Bytes of anything else end as an error that says so."""
        with pytest.raises(PermanentError, match="a bundle is not a tar archive"):
            unpack(b"not a tar" * 100)

    @pytest.mark.parametrize("name", ["/etc/passwd", "../x"])
    def test_refuses_paths_that_leave_the_folder(self, name: str) -> None:
        """Also when somebody else packed it."""
        with pytest.raises(PermanentError, match="may not contain the path"):
            unpack(a_tar(name))

    def test_leaves_out_what_is_no_file(self) -> None:
        """Links and devices are not code."""
        assert unpack(a_tar("link", kind=tarfile.SYMTYPE)) == {}


class TestDigest:
    def test_is_the_sha256(self) -> None:
        """So that anybody can check it."""
        assert digest(b"abc") == hashlib.sha256(b"abc").hexdigest()
