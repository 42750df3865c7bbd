"""What `trainyard inspect` says of code on this machine."""

import json
from pathlib import Path

import pytest

from trainyard_cli import main

FIT = "from sklearn.svm import SVC\nSVC().fit([[0], [1]], [0, 1])\n"


DOCS = Path(__file__).parents[3] / "docs" / "inspection.md"
OLD_SCRIPT = """\
import argparse

import pandas as pd
from keras.layers.core import Dense, Dropout
from keras.models import Sequential
from keras.utils import np_utils

from features import scaled

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=20)
args = parser.parse_args()

df = pd.read_csv("/root/ws/data/wines.csv")
X, y = scaled(df.drop("Class", axis=1)), np_utils.to_categorical(df["Class"] - 1)
model = Sequential([Dense(16, activation="relu", input_dim=13), Dropout(0.2), Dense(3, activation="softmax")])
model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
model.fit(X, y, nb_epoch=args.epochs, validation_split=0.2)
model.save("/root/ws/models/wines.h5")
"""


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A folder of code."""
    (tmp_path / "train.py").write_text("import pandas\npandas.read_csv('/root/ws/wines.csv')\n" + FIT)
    (tmp_path / "wines.csv").write_text("a,b\n")
    return tmp_path


class TestInspect:
    def test_says_each_conclusion_with_its_reason(self, code: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A line each, by topic; a log can be read as well as a terminal."""
        status = main.run(["inspect", str(code)])

        out, err = capsys.readouterr()
        assert (status, err) == (0, "")
        assert out.splitlines()[:3] == [
            "entrypoint  runs train.py: it is the only script",
            "workdir     starts in the root, where the script is",
            "kind        trains with scikit-learn, since it imports sklearn and no network library",
        ]
        assert "paths       maps /root/ws to the root of the repository" in out.splitlines()

    def test_is_one_json_object_on_demand(self, code: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """For programs: the same by name, and the reasons."""
        status = main.run(["inspect", str(code), "--json"])

        said = json.loads(capsys.readouterr().out)
        assert status == 0
        assert (said["entrypoint"], said["kind"], said["image"]) == ("train.py", "sklearn", "sklearn")
        assert (said["paths"], said["data_files"]) == ({"/root/ws": "."}, ["wines.csv"])
        assert {"topic": "entrypoint", "text": "runs train.py: it is the only script"} in said["reasons"]

    def test_shows_a_refusal_with_its_remedy(self, code: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """As the job would end: thing, reason, remedy, and status 1."""
        (code / "train.py").write_text("name = input('Which file? ')\n" + FIT)

        status = main.run(["inspect", str(code)])

        out, err = capsys.readouterr()
        assert (status, out) == (1, "")
        assert err == (
            "trainyard: train.py, line 1 asks for an answer to 'Which file?', which nothing provides. "
            'Provide it by the setting stdin in trainyard.toml, for example: stdin = "ANSWER\\n"\n'
        )

    def test_shows_a_refusal_as_json_too(self, code: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A program need not read sentences."""
        (code / "trainyard.toml").write_text("treshold = 1\n")

        status = main.run(["inspect", str(code), "--json"])

        said = json.loads(capsys.readouterr().out)
        assert status == 1
        assert (said["reason"], said["file"], said["line"]) == ("config", "trainyard.toml", 1)
        assert "treshold: no such setting" in said["error"]
        assert said["remedy"]

    def test_follows_the_settings_beside_the_code(self, code: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """trainyard.toml counts as it does for a job."""
        (code / "other.py").write_text(FIT)
        (code / "trainyard.toml").write_text('entrypoint = "other.py"\n')

        main.run(["inspect", str(code)])

        assert "runs other.py: trainyard.toml names it" in capsys.readouterr().out

    def test_takes_one_script_or_notebook(self, code: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """As `trainyard run` does."""
        book = {"cells": [{"cell_type": "code", "source": FIT}]}
        (code / "wines.ipynb").write_text(json.dumps(book))

        assert main.run(["inspect", str(code / "wines.ipynb")]) == 0

        assert "runs wines.ipynb" in capsys.readouterr().out

    def test_leaves_environments_and_caches_out(self, code: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What is never trained is not looked at."""
        for folder in (".git", "env"):
            (code / folder).mkdir()
            (code / folder / "other.py").write_text(FIT)
        (code / "env" / "pyvenv.cfg").write_text("")

        main.run(["inspect", str(code)])

        assert "it is the only script" in capsys.readouterr().out

    def test_wants_code_on_this_machine(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A repository elsewhere has to be cloned first."""
        assert main.run(["inspect", "https://host.example/user/repo.git"]) == 2

        assert "is not on this machine. Clone it, and name the folder." in capsys.readouterr().err


class TestDocs:
    def test_show_what_is_really_said(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The example in the docs is this one."""
        (tmp_path / "data").mkdir()
        (tmp_path / "data" / "wines.csv").write_text("Class\n")
        (tmp_path / "train.py").write_text(OLD_SCRIPT)
        (tmp_path / "features.py").write_text("def scaled(table):\n    return table\n")
        (tmp_path / "Dockerfile").write_text(
            'FROM python:3.7\nWORKDIR /root/ws\nCMD ["python", "train.py", "--epochs", "50"]\n'
        )

        main.run(["inspect", str(tmp_path)])

        said = capsys.readouterr().out
        assert "".join(f"    {line}\n" for line in said.splitlines()) in DOCS.read_text()
