"""Which scripts may be edited, and when two states of the code are the same."""

import pytest

from services.tweaker.source.scripts import editable, fingerprint

FIT = b"model.fit(x, y)\n"


class TestEditable:
    @pytest.mark.parametrize(
        ("files", "entrypoint", "scripts"),
        [
            pytest.param({"a.py": FIT, "b.py": FIT}, "./b.py", ("b.py",), id="one of several"),
            pytest.param(
                {"main.py": b"import tweak\n" + FIT, "tweak.py": b"epoch_no = 1\n", "other.py": b""},
                "main.py",
                ("main.py", "tweak.py"),
                id="and what it imports",
            ),
            pytest.param(
                {"src/go.py": b"from net import build\n", "src/net.py": FIT},
                "src/go.py",
                ("src/go.py", "src/net.py"),
                id="from beside it",
            ),
            pytest.param(
                {
                    "train.py": b"from nets import build\n",
                    "nets/__init__.py": b"from .small import build\n",
                    "nets/small.py": b"",
                },
                "train.py",
                ("train.py", "nets/__init__.py", "nets/small.py"),
                id="through a package",
            ),
            pytest.param({"a.py": FIT}, "missing.py", (), id="a name that is not there"),
            pytest.param({"a.ipynb": b"{}", "a.py": FIT}, "a.ipynb", (), id="a notebook"),
        ],
    )
    def test_is_what_a_training_runs(self, files: dict[str, bytes], entrypoint: str, scripts: tuple[str, ...]) -> None:
        """The entrypoint comes first, then the author's own modules; nothing else is touched."""
        assert editable(files, entrypoint) == scripts


class TestFingerprint:
    def test_does_not_see_comments_and_format(self) -> None:
        """Code that does the same is the same candidate."""
        assert fingerprint({"a.py": b"x = f( 1 )  # one\n"}) == fingerprint({"a.py": b"x = f(1)\n"})

    @pytest.mark.parametrize("other", [{"a.py": b"x = f(2)\n"}, {"b.py": b"x = f(1)\n"}, {"a.py": b"x = f(\n"}])
    def test_sees_what_runs_otherwise(self, other: dict[str, bytes]) -> None:
        """Another value, another name or broken code is another candidate."""
        assert fingerprint({"a.py": b"x = f(1)\n"}) != fingerprint(other)

    def test_sees_other_files_byte_by_byte(self) -> None:
        """A setting in a file counts."""
        assert fingerprint({"a.json": b'{"epochs": 1}'}) != fingerprint({"a.json": b'{"epochs": 2}'})
