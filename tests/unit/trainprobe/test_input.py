"""What a script reads beside its code: its input, its command line, its environment; and what is said without it."""

from typing import Any

import pytest

from tests.unit.trainprobe.conftest import Train


class TestStandardInput:
    def test_is_what_the_task_gives(self, train: Train) -> None:
        """For `input`, for what reads the stream, and for the script's children."""
        script = (
            "import subprocess, sys\n"
            "layers = int(input('layers: '))\n"
            "rate = float(sys.stdin.readline())\n"
            "accuracy = layers * rate\n"
        )

        run = train(script, stdin="3\n0.25\n")

        assert run.measurement["value"] == 0.75
        assert run.stdout == "layers: "

    def test_is_the_childrens_too(self, train: Train) -> None:
        """The real descriptor holds it."""
        run = train("import subprocess\naccuracy = float(subprocess.check_output('cat', shell=True))\n", stdin="0.5")

        assert run.measurement["value"] == 0.5

    def test_is_empty_where_none_is_given(self, train: Train) -> None:
        """Nothing waits for somebody to type."""
        run = train("import sys\naccuracy = 0.5 + len(sys.stdin.read())\n")

        assert run.measurement["value"] == 0.5

    def test_that_ends_after_the_measurement_is_a_warning(self, train: Train) -> None:
        """As in `input('Press Enter')`."""
        run = train("open('accuracy.txt', 'w').write('0.9')\ninput('Press Enter')\n")

        assert (run.measurement["value"], run.result["warning"]["type"]) == (0.9, "EOFError")


ARGPARSE = """
import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--data', required=True)
parser.add_argument('kind')
parser.parse_args()
"""


class TestAFailureForWantOf:
    @pytest.mark.parametrize(
        ("script", "task", "remedy"),
        [
            ("layers = int(input('layers: '))\n", {}, 'for example: stdin = "...\\n"'),
            ("input()\ninput()\n", {"stdin": "1\n"}, "The script got 1 line of input and asked for more. "),
            ("import sys\nrows = int(sys.stdin.readline())\n", {}, 'stdin = "'),
            (ARGPARSE, {}, 'args = ["--data", "...", "..."]'),
            ("import sys\npath = sys.argv[1]\n", {}, 'args = ["..."]'),
            ("import sys\n_, path, epochs = sys.argv\n", {}, 'args = ["..."]'),
            ("import sys\nif len(sys.argv) < 2:\n    print('Usage: train.py DATA')\n    sys.exit(1)\n", {}, "args = "),
            ("import os\npath = os.environ['DATA_DIR']\n", {}, 'env = { DATA_DIR = "..." }'),
            ("import os\nepochs = int(os.environ.get('EPOCHS'))\n", {}, 'env = { EPOCHS = "..." }'),
        ],
    )
    def test_something_beside_the_code_names_the_setting(
        self, train: Train, script: str, task: dict[str, Any], remedy: str
    ) -> None:
        """With an example that can be copied."""
        run = train(script, **task)

        assert remedy in run.error["remedy"]
        assert "trainyard.toml" in run.error["remedy"]

    def test_an_argument_says_which(self, train: Train) -> None:
        """In the words of the library that reads the command line."""
        run = train(ARGPARSE)

        assert "the following arguments are required: --data, kind" in run.error["message"]
        assert (run.code, run.error["line"]) == (2, 6)

    @pytest.mark.parametrize(
        "script", ["import sys\nsys.exit(3)\n", "{}['DATA_DIR']\n", "[][1]\n", "raise EOFError('Ran out of input')\n"]
    )
    def test_something_else_names_none(self, train: Train, script: str) -> None:
        """What only looks alike is the script's own fault."""
        run = train(script)

        assert "trainyard.toml" not in run.error["remedy"]

    def test_a_screen_says_that_there_is_none(self, train: Train) -> None:
        """Whether the module is missing or finds no display."""
        run = train("raise ModuleNotFoundError('No module named _tkinter', name='_tkinter')\n")

        assert "without a display" in run.error["remedy"]

    def test_a_place_to_write_to_says_where_one_is(self, train: Train) -> None:
        """All but the code's folder is read-only in a container."""
        run = train("raise OSError(30, 'Read-only file system', '/results/model.h5')\n")

        assert "keep /results/model.h5 there" in run.error["remedy"]


class TestAFailureToDownload:
    def test_a_data_set_of_keras_names_it_and_what_the_operator_does(self, train: Train) -> None:
        """By the words of all versions of Keras."""
        run = train("raise Exception('URL fetch failure on https://host/datasets/mnist.npz: None -- unknown')\n")

        assert run.error["remedy"].startswith("mnist.npz is not among the data sets")
        assert "trainyard datasets add FILE" in run.error["remedy"]
        assert "TRAINYARD_TRAINER_DATASETS" in run.error["remedy"]

    def test_another_file_says_where_it_belongs(self, train: Train) -> None:
        """Beside the code."""
        script = (
            "from urllib.error import URLError\n"
            "try:\n    raise URLError('no such host')\nexcept URLError as error:\n    raise OSError('no') from error\n"
        )

        run = train(script)

        assert "Add the file to the repository" in run.error["remedy"]


class TestADownloadThatFails:
    def test_is_answered_from_the_repository(self, train: Train) -> None:
        """By the file whose name the address ends with: the author has kept a copy. The log tells."""
        script = (
            "import pandas, urllib.request\n"
            "frame = pandas.read_csv('https://host.invalid/folder/my%20data.csv?raw=true')\n"
            "urllib.request.urlretrieve('http://host.invalid/my%20data.csv', 'copy.csv')\n"
            "accuracy = float(frame['x'][0]) * (open('copy.csv').read() == 'x\\n0.5\\n')\n"
        )

        run = train(script, {"data/my data.csv": "x\n0.5\n"})

        assert run.measurement["value"] == 0.5
        assert '"event": "download"' in (run.folder / "epochs.jsonl").read_text()

    def test_fails_where_several_files_have_that_name(self, train: Train) -> None:
        """Nothing is guessed."""
        script = "import urllib.request\nurllib.request.urlopen('https://host.invalid/a.csv')\n"

        run = train(script, {"one/a.csv": "1", "two/a.csv": "2"})

        assert run.error["type"] == "URLError"
