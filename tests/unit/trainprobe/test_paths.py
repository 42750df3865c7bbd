"""The paths of the author's machine lead to the files of the repository."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.probing import Trial
from trainprobe.environment.paths import PathMap
from trainprobe.run.modules import Changes, compiled

CODE = Path("/volume/code")
PLACES = PathMap(
    {
        "/root/ws": ".",
        "/root/ws/data.csv": "data/data.csv",
        "/task3/": ".",
        "C:\\Users\\me\\x": "x",
        "Data/Train.csv": "data/train.csv",
        "../Data/a.csv": "data/a.csv",
        "old/x.csv": "new/y.csv",
    },
    CODE,
)


class TestATextWithPaths:
    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("/root/ws", "/volume/code"),
            ("/root/ws/", "/volume/code/"),
            ("/root/ws/my files/a.csv", "/volume/code/my files/a.csv"),
            ("/root/ws/data.csv", "/volume/code/data/data.csv"),
            ("/task3/mymodel.h5", "/volume/code/mymodel.h5"),
            ("--data=/root/ws/a.csv", "--data=/volume/code/a.csv"),
            ("cp '/root/ws/a.csv' . && ls /root/ws", "cp '/volume/code/a.csv' . && ls /volume/code"),
            ("file:///root/ws/a.csv", "file:///volume/code/a.csv"),
            ("C:\\Users\\me\\x\\my data\\a.csv", "/volume/code/x/my data/a.csv"),
            ("C:\\Users\\me\\x\\part", "/volume/code/x/part"),
            ("old/x.csv", "/volume/code/new/y.csv"),
        ],
    )
    def test_has_each_replaced(self, written: str, meant: str) -> None:
        """Whole, or as the beginning of a longer one, also among the words of a command."""
        assert PLACES.text(written) == meant

    @pytest.mark.parametrize("written", ["Data/Train.csv", "../Data/a.csv"])
    def test_stays_relative_where_only_the_case_differs(self, written: str) -> None:
        """It may be put behind a folder's name, as it is written."""
        assert PLACES.text(written) == written.replace("Data", "data").replace("Train", "train")

    @pytest.mark.parametrize(
        "text",
        [
            "/root/wsx",
            "/root/ws.bak",
            "/mnt/root/ws",
            "../root/ws",
            "https://host/root/ws/a.csv",
            "C:/root/ws",
            "see Data/Train.csv",
            "/volume/code/root",
        ],
    )
    def test_is_left_alone_where_it_says_something_else(self, text: str) -> None:
        """A longer name, a part of another path, an address, a sentence."""
        assert PLACES.text(text) == text

    def test_begins_no_path_where_it_goes_on_from_another_text(self) -> None:
        """As the second part of an f-string does."""
        assert PLACES.text("/root/ws /root/ws", goes_on=True) == "/root/ws /volume/code"

    def test_has_none_replaced_twice(self) -> None:
        """The place itself may lie below a path that the author wrote."""
        places = PathMap({"/root": ".", "/root/ws": "ws"}, Path("/root/volume"))

        assert places.text("/root/ws/a /root/b") == "/root/volume/ws/a /root/volume/b"


CHANGES = Changes(PLACES, scalars=False)


def values(source: str, places: PathMap = PLACES) -> dict[str, object]:
    found: dict[str, object] = {"base": "/x"}
    exec(compiled(source.encode(), "train.py", Changes(places, scalars=False)), found)  # noqa: S102
    return found


class TestSourceCode:
    def test_has_paths_replaced_in_strings_of_every_form(self) -> None:
        """Constants, f-strings with what is inserted into them, defaults."""
        found = values(
            "a = '/root/ws/a'\nb = f'/root/ws/{base}'\nc = f\"{'/root/ws'}/c\"\nd = f'{base}/root/ws'\n"
            "def f(path=r'/root/ws'):\n    return path\ne = f()\n"
        )

        assert [found[name] for name in "abcde"] == [
            "/volume/code/a",
            "/volume/code//x",
            "/volume/code/c",
            "/x/root/ws",
            "/volume/code",
        ]

    def test_keeps_docstrings(self) -> None:
        """They are said, not used."""
        found = values("'''/root/ws'''\ndef f():\n    '''/root/ws'''\nclass C:\n    '/root/ws'\n    at = '/root/ws'\n")

        assert found["__doc__"] == "/root/ws"
        assert (found["f"].__doc__, found["C"].__doc__) == ("/root/ws", "/root/ws")
        assert getattr(found["C"], "at") == "/volume/code"  # noqa: B009 - its type is not known here

    def test_keeps_its_future_its_encoding_and_its_lines(self) -> None:
        """What is not a path means what it did."""
        source = "# coding: latin-1\nfrom __future__ import annotations\na: nothing = '/root/ws/\xe9'\n"
        found: dict[str, object] = {}

        code = compiled(source.encode("latin-1"), "train.py", CHANGES)
        exec(code, found)  # noqa: S102

        assert found["a"] == "/volume/code/\xe9"
        assert found["__annotations__"] == {"a": "nothing"}
        assert [line for *_, line in code.co_lines()][-2] == 3

    def test_is_compiled_plainly_where_there_is_nothing_to_replace(self) -> None:
        """The code is the same as without any path."""
        source = b"x = 'nothing'\n"

        assert compiled(source, "train.py", CHANGES) == compile(source, "train.py", "exec", dont_inherit=True)

    def test_of_another_language_is_refused_as_ever(self) -> None:
        """By the error that Python raises itself."""
        with pytest.raises(SyntaxError) as refused:
            compiled(b"x = 1\nif x\n", "train.py", CHANGES)

        assert (refused.value.filename, refused.value.lineno) == ("train.py", 2)


class TestAScriptWithPathsOfAnotherMachine:
    def test_reads_and_writes_the_repositorys_files(self, train: Train) -> None:
        """By itself, by its modules and packages, by its arguments, and by the commands that it runs."""
        script = (
            "import importlib, os, pickle, sys\n"
            "from parts.loading import load, Loader\n"
            "late = importlib.import_module('late')\n"
            "rows = load() + open('/root/ws/data/a.csv').read()\n"
            "os.system('cp /root/ws/data/a.csv /root/ws/copy.csv')\n"
            "accuracy = float(open('copy.csv').read()) * float(rows == '0.50.5') * (sys.argv[1] == late.PATH)\n"
            "assert pickle.loads(pickle.dumps(Loader())).path == late.PATH\n"
        )
        files = {
            "data/a.csv": "0.5",
            "parts/__init__.py": "",
            "parts/loading.py": (
                "from .names import PATH\nclass Loader:\n    path = PATH\ndef load():\n    return open(PATH).read()\n"
            ),
            "parts/names.py": "PATH = '/root/ws/data/a.csv'\n",
            "late.py": "PATH = '/root/ws/data/a.csv'\n",
        }

        run = train(script, files, paths={"/root/ws": "."}, args=["/root/ws/data/a.csv"])

        assert run.measurement["value"] == 0.5

    def test_shows_the_authors_lines_in_tracebacks(self, tmp_path: Path) -> None:
        """The text of the file, with the author's path in it."""
        files = {
            "train.py": "import lib\nlib.load()\n",
            "lib.py": "def load():\n\n    raise ValueError('/root/ws' + 1)\n",
        }
        trial = Trial(tmp_path / "trial", files, task={"paths": {"/root/ws": "."}})

        run = trial.run()

        path = str(trial.root / "code" / "train.py")
        plain = subprocess.run([sys.executable, path], capture_output=True, text=True, check=False)
        assert run.stderr == plain.stderr
        assert (run.error["file"], run.error["line"]) == ("lib.py", 3)
        assert "raise ValueError('/root/ws' + 1)" in run.error["traceback"]

    def test_finds_the_modules_of_its_layout(self, train: Train) -> None:
        """Behind its own folder, also in its children."""
        script = (
            "import subprocess, sys\nfrom pkg.values import VALUE\n"
            "told = subprocess.run([sys.executable, '-c', 'from pkg.values import VALUE; print(VALUE)'],"
            " stdout=subprocess.PIPE).stdout\n"
            "accuracy = VALUE * float(told) * (sys.path[1].endswith('/src'))\n"
        )

        run = train(script, {"src/pkg/__init__.py": "", "src/pkg/values.py": "VALUE = 0.5\n"}, pythonpath=["src"])

        assert run.measurement["value"] == 0.25
