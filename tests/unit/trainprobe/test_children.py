"""Scripts that a script starts as processes of their own."""

import sys

import pytest

from tests.unit.trainprobe.conftest import Train
from trainprobe.child.sitecustomize import script_of

TRAINS = """
import sys
from sklearn.datasets import load_iris
from sklearn.neighbors import KNeighborsClassifier
X, y = load_iris(return_X_y=True)
model = KNeighborsClassifier(int(sys.argv[1])).fit(X[::2], y[::2])
print(open('/root/ws/note.txt').read(), model.score(X[1::2], y[1::2]) > 0.9)
"""


class TestAScriptThatAnotherStarts:
    @pytest.mark.parametrize(
        "call",
        [
            "subprocess.run([sys.executable, '-u', 'src/fit.py', '3'], check=True)",
            "os.system(sys.executable + ' -W ignore src/fit.py 3')",
        ],
    )
    def test_is_watched_like_it(self, train: Train, call: str) -> None:
        """Its measurements count, and its paths mean the repository too."""
        run = train(
            f"import os, subprocess, sys\n{call}\n", {"src/fit.py": TRAINS, "note.txt": "read"}, paths={"/root/ws": "."}
        )

        assert run.stdout == "read True\n"
        assert run.measurement["data"] == "test"
        assert run.measurement["source"].startswith("fit.py: ")

    def test_counts_by_what_it_prints(self, train: Train) -> None:
        """The last of several."""
        script = "import subprocess, sys\nfor k in '12':\n    subprocess.run([sys.executable, 'fit.py', k])\n"

        run = train(script, {"fit.py": "import sys\nprint('accuracy: 0.7' + sys.argv[1])\n"})

        assert (run.measurement["value"], run.stdout) == (0.72, "accuracy: 0.71\naccuracy: 0.72\n")

    def test_fails_as_ever(self, train: Train) -> None:
        """Its exit code and its traceback are what its parent sees."""
        script = (
            "import subprocess, sys\n"
            "done = subprocess.run([sys.executable, 'fit.py'], stderr=subprocess.PIPE, universal_newlines=True)\n"
            "print(done.returncode, done.stderr.splitlines()[-1], len(done.stderr.splitlines()))\n"
        )

        run = train(script, {"fit.py": "raise ValueError('no data')\n"})

        assert run.stdout == "1 ValueError: no data 4\n"

    @pytest.mark.parametrize("check", [True, False])
    def test_is_why_nothing_was_measured(self, train: Train, check: bool) -> None:  # noqa: FBT001 - as in subprocess
        """Whether the script looks at the exit code or not; the failure names the child's own line."""
        script = f"import subprocess, sys\nsubprocess.run([sys.executable, 'fit.py'], check={check})\n"

        run = train(script, {"fit.py": "\nraise ValueError('no data')\n"})

        assert (run.error["message"], run.error["file"], run.error["line"]) == ("no data", "fit.py", 2)

    def test_is_not_why_the_script_itself_fails(self, train: Train) -> None:
        """Which went on without it."""
        script = "import subprocess, sys\nsubprocess.run([sys.executable, 'fit.py'])\nraise KeyError('mine')\n"

        assert train(script, {"fit.py": "raise ValueError('no data')\n"}).error["type"] == "KeyError"

    def test_leaves_all_other_programs_alone(self, train: Train) -> None:
        """Modules, commands, and scripts that are not the author's."""
        script = (
            "import subprocess, sys\n"
            "from multiprocessing import get_context\n"
            "from helper import double\n"
            "if __name__ == '__main__':\n"
            "    for command in (['-c', 'print(len(__import__(\"sys\").argv))'], ['-m', 'json.tool', 'a.json']):\n"
            "        subprocess.run([sys.executable, *command], check=True)\n"
            "    with get_context('spawn').Pool(1) as pool:\n"
            "        accuracy = sum(pool.map(double, [0.25]))\n"
        )

        run = train(script, {"a.json": "[]", "helper.py": "def double(x):\n    return 2 * x\n"})

        assert run.stdout == "1\n[]\n"
        assert run.measurement["value"] == 0.5


class TestASpawnedWorker:
    def test_finds_the_repositorys_files_too(self, train: Train) -> None:
        """It runs the script's top once more, and imports its modules."""
        script = (
            "from multiprocessing import get_context\n"
            "from helper import read\n"
            "here = open('/root/ws/v.txt').read()\n"
            "if __name__ == '__main__':\n"
            "    with get_context('spawn').Pool(1) as pool:\n"
            "        accuracy = sum(pool.map_async(read, [here]).get(60))\n"
        )
        helper = "PATH = '/root/ws/v.txt'\ndef read(text):\n    return float(open(PATH).read()) * (text == '0.5')\n"

        run = train(script, {"helper.py": helper, "v.txt": "0.5"}, paths={"/root/ws": "."})

        assert run.measurement["value"] == 0.5


class TestAForkedChild:
    def test_counts_by_what_it_prints(self, train: Train) -> None:
        """Where the script itself prints no accuracy after it."""
        script = (
            "import multiprocessing\n"
            "def fit(k):\n    print('Accuracy: 0.7{}'.format(k), flush=True)\n"
            "for k in (1, 2):\n"
            "    child = multiprocessing.get_context('fork').Process(target=fit, args=(k,))\n"
            "    child.start()\n    child.join()\n"
        )

        run = train(script)

        assert (run.measurement["value"], run.measurement["source"]) == (0.72, "printed")
        assert run.stdout == "Accuracy: 0.71\nAccuracy: 0.72\n"

    def test_counts_less_than_what_the_script_prints(self, train: Train) -> None:
        """It sums up."""
        script = (
            "import os\nif os.fork() == 0:\n    print('Accuracy: 0.71', flush=True)\n    os._exit(0)\nos.wait()\n"
            "print('Accuracy: 0.75')\n"
        )

        assert train(script).measurement["value"] == 0.75


class TestACommand:
    @pytest.mark.parametrize(
        ("command", "index"),
        [
            (["python", "a.py", "-m"], 1),
            (["python", "-u", "-W", "ignore", "-Xdev", "a.py"], 5),
            (["python", "-m", "a"], None),
            (["python", "-um", "a"], None),
            (["python", "-c", "1"], None),
            (["python", "-"], None),
            (["python"], None),
        ],
    )
    def test_names_its_script_behind_the_options(self, command: list[str], index: int | None) -> None:
        """Or has none."""
        assert script_of(command) == index

    def test_of_this_python_is_known(self) -> None:
        """Python keeps it."""
        assert sys.orig_argv
