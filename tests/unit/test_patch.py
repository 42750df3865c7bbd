"""What make_patch writes, git applies."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from trainyard.diff.patch import make_patch
from trainyard.errors import PermanentError

TEN_LINES = b"".join(b"line %d\n" % number for number in range(10))


def applied(folder: Path, before: Mapping[str, bytes], patch: str) -> dict[str, bytes]:
    """Write *before* into *folder*, let git apply *patch* there, and return what is there then."""
    for name, content in before.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    subprocess.run(["git", "apply", "-"], cwd=folder, input=patch.encode(), check=True, timeout=30)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class TestWhatGitApplies:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            pytest.param(TEN_LINES, TEN_LINES.replace(b"line 5", b"line five"), id="a changed line"),
            pytest.param(TEN_LINES, TEN_LINES[:-1], id="the last newline goes"),
            pytest.param(TEN_LINES[:-1], TEN_LINES, id="a last newline comes"),
            pytest.param(TEN_LINES[:-1], TEN_LINES[:-1].replace(b"line 9", b"end"), id="no last newline on both sides"),
            pytest.param(b"a = 1\r\nb = 2\r\n", b"a = 1\r\nb = 3\r\n", id="CRLF"),
            pytest.param(b"a = 1\r\nb = 2\n", b"a = 1\r\nb = 2\nc = 3\r\n", id="mixed line ends"),
            pytest.param(b"a = 1\x0c\nb = 2\n", b"a = 1\x0c\nb = 3\n", id="a form feed within a line"),
            pytest.param("é = 1\n".encode(), "é = 2\n".encode(), id="letters beyond ASCII"),
            pytest.param(b"", b"a = 1\n", id="an empty file gets a line"),
        ],
    )
    def test_turns_the_old_file_into_the_new_one(self, tmp_path: Path, old: bytes, new: bytes) -> None:
        """The patched file equals the new one byte by byte."""
        before, after = {"train.py": old}, {"train.py": new}

        patch = make_patch(before, after)

        assert applied(tmp_path, before, patch) == after

    @pytest.mark.parametrize(
        "name", ["src/deep/train.py", "my script.py", "modèle.py", 'say "hi".py', "back\\slash.py"]
    )
    def test_finds_the_file_whatever_its_name(self, tmp_path: Path, name: str) -> None:
        """Folders, blanks, quotes and letters beyond ASCII in a path are written as git reads them."""
        before, after = {name: b"a = 1\n"}, {name: b"a = 2\n"}

        patch = make_patch(before, after)

        assert applied(tmp_path, before, patch) == after

    def test_adds_and_removes_files(self, tmp_path: Path) -> None:
        """A file on one side only is a new or a deleted file."""
        before, after = {"old.py": b"a = 1\n"}, {"new.py": b"b = 1\n", "folder/empty.txt": b""}

        patch = make_patch(before, after)

        assert applied(tmp_path, before, patch) == after

    def test_names_both_sides_as_git_does(self) -> None:
        """The paths carry a/ and b/."""
        patch = make_patch({"t.py": b"a = 1\n"}, {"t.py": b"a = 2\n"})

        assert patch == "diff --git a/t.py b/t.py\n--- a/t.py\n+++ b/t.py\n@@ -1 +1 @@\n-a = 1\n+a = 2\n"


class TestWhatIsLeftOut:
    def test_is_empty_for_equal_files(self) -> None:
        """Nothing changed, nothing to apply; an unchanged binary file is no matter."""
        files = {"t.py": b"a = 1\n", "model.h5": b"\x89HDF\xff\0"}

        assert make_patch(files, dict(files)) == ""

    @pytest.mark.parametrize("content", [b"\xff\xfe", b"a\0b"])
    def test_refuses_a_binary_file_that_changed(self, content: bytes) -> None:
        """It says which file, since a patch without it would not lead to the same code."""
        with pytest.raises(PermanentError, match=r"model\.h5"):
            make_patch({"model.h5": b"old"}, {"model.h5": content})
