"""`trainyard run` as a person runs it: the real command on small scripts, its texts, files and status."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import partial
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from tests.contract.brokers import free_ports
from tests.pythons import forked
from trainyard.testing import eventually

COMMAND = str(Path(sys.executable).with_name("trainyard"))

SCALED = """\
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

x, y = load_iris(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0)
knn = KNeighborsClassifier(n_neighbors=5)
knn.fit(x_train, y_train)
print("accuracy", knn.score(x_test, y_test))
"""

UNSCALED = """\
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

x, y = load_wine(return_X_y=True)
x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0)
knn = KNeighborsClassifier(n_neighbors=5)
knn.fit(x_train, y_train)
print("accuracy", knn.score(x_test, y_test))
"""

CHANCE = """\
import numpy as np
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

chance = np.random.default_rng(0)
x, y = chance.normal(size=(200, 3)), chance.integers(0, 2, size=200)
x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0)
knn = KNeighborsClassifier(n_neighbors=5)
knn.fit(x_train, y_train)
print("accuracy", knn.score(x_test, y_test))
"""

Trainyard = Callable[..., "Ended"]


@dataclass(frozen=True)
class Ended:
    """How the command ended, and where it ran."""

    status: int
    out: str
    err: str
    folder: Path


@pytest.fixture
def trainyard(tmp_path: Path) -> Trainyard:
    """Runs the real command in a folder of its own."""
    return partial(run, tmp_path)


@pytest.fixture(scope="module")
def flowers(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """One run, of one script of two, that passes with its first trial."""
    folder = tmp_path_factory.mktemp("flowers")
    code(folder / "flowers", SCALED, other_py="raise SystemExit(3)")
    return run(folder, "run", "flowers/train.py", "--keep", "--to", "results")


@pytest.fixture(scope="module")
def neighbours(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """One run, of a folder below the root of a git checkout, that passes only once it was changed."""
    folder = tmp_path_factory.mktemp("checkout")
    code(folder / "neighbours", UNSCALED)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    return run(folder, "run", "neighbours")


@contextmanager
def mail_server(received: list[EmailMessage]) -> Iterator[str]:
    """Run a mail server that adds what it takes to *received*; yields its URL."""

    class Keeps:
        async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
            received.append(message_from_bytes(envelope.original_content or b"", policy=default))
            return "250 kept"

    (port,) = free_ports(1)
    controller = Controller(Keeps(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


def run(folder: Path, *arguments: str, **environment: str) -> Ended:
    """Run the command in *folder*."""
    process = subprocess.run(
        [forked.trainyard(), *arguments],
        cwd=folder,
        env={**clean(), **environment},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert "Traceback" not in process.stderr
    return Ended(process.returncode, process.stdout, process.stderr, folder)


def clean() -> dict[str, str]:
    """Return the environment without settings of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TRAINYARD_")}


def code(folder: Path, text: str, **others: str) -> Path:
    """Make a folder of code with `train.py` and other files, whose dots are written as underscores."""
    folder.mkdir()
    (folder / "train.py").write_text(text)
    for name, content in others.items():
        (folder / name.replace("_", ".")).write_text(content)
    return folder


class TestPassed:
    def test_ends_with_outcome_value_data_and_status_0(self, flowers: Ended) -> None:
        """A script that clears its bar as it is passes with its first trial; the engine's choice is explained."""
        assert flowers.status == 0, flowers.err
        assert flowers.out.startswith(
            "trainyard trains in child processes: everything that the script imports is installed"
        )
        assert "trial 1: reached: accuracy 0.974 on test data" in flowers.out
        assert "✔ passed  accuracy 0.974 on test data, threshold 0.9, trial 1 of 1" in flowers.out

    def test_leaves_nothing_but_what_it_delivers(self, flowers: Ended) -> None:
        """Working folders are gone, the author's files untouched, and git is told to ignore the rest."""
        home = flowers.folder / ".trainyard"

        assert (flowers.folder / "results" / "job.json").is_file()
        assert list((home / "sessions").iterdir()) == []
        assert (home / ".gitignore").read_text() == "*\n"
        assert sorted(path.name for path in (flowers.folder / "flowers").iterdir()) == ["other.py", "train.py"]

    def test_keeps_the_working_folders_when_asked(self, flowers: Ended) -> None:
        """--keep leaves ledger and storage for a look inside."""
        (kept,) = (flowers.folder / ".trainyard" / "kept").iterdir()

        assert f"Kept   {kept.relative_to(flowers.folder)}" in flowers.out
        assert (kept / "ledger.db").is_file()

    def test_logs_what_the_services_do_into_a_file(self, flowers: Ended) -> None:
        """Log lines never reach the terminal; each carries its service and job."""
        lines = [json.loads(line) for line in (flowers.folder / ".trainyard" / "log.jsonl").read_text().splitlines()]

        assert {"fetcher", "trainer", "evaluator"} <= {line.get("service") for line in lines}
        assert '"event"' not in flowers.out + flowers.err

    def test_tells_what_was_changed_and_why(self, neighbours: Ended) -> None:
        """The tweak, its reason and the diff are in the terminal."""
        assert neighbours.status == 0, neighbours.out
        assert "trial 1: missed: accuracy" in neighbours.out
        assert "trial 2: scale inputs: The inputs are not scaled" in neighbours.out
        assert "+++ b/train.py" in neighbours.out

    def test_delivers_a_patch_that_applies(self, neighbours: Ended) -> None:
        """The command that is printed turns the author's script into the one that passed."""
        folder = neighbours.folder
        (patch,) = folder.glob(".trainyard/jobs/*/trainyard.patch")
        (apply,) = [line for line in neighbours.out.splitlines() if line.startswith("Apply")]

        subprocess.run(apply.removeprefix("Apply  "), shell=True, cwd=folder, check=True)  # noqa: S602  as printed

        assert f"Patch  {patch.relative_to(folder)}" in neighbours.out
        assert "git apply --directory=neighbours" in apply
        assert "StandardScaler()" in (folder / "neighbours" / "train.py").read_text()


class TestMail:
    def test_is_sent_where_a_server_is_set(self, tmp_path: Path) -> None:
        """The command ends only after the mail about its job went out."""
        code(tmp_path / "flowers", SCALED)
        received: list[EmailMessage] = []
        with mail_server(received) as url:
            ended = run(tmp_path, "run", "flowers", TRAINYARD_NOTIFIER_SMTP_URL=url)

        assert ended.status == 0, ended.err
        (mail,) = received
        assert "passed" in mail["Subject"]


class TestNotPassed:
    def test_says_what_was_tried_when_the_budget_is_spent(self, trainyard: Trainyard, tmp_path: Path) -> None:
        """An accuracy that nothing can reach ends as exhausted, with the best trial and status 1."""
        code(tmp_path / "coins", CHANCE)

        ended = trainyard("run", "coins", "--threshold", "1.0", "--trials", "2")

        assert ended.status == 1
        assert "✘ exhausted" in ended.out
        assert "The budget of 2 trials is spent." in ended.out

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("x = (1,\nprint(x)\nfor\n", ["✘ failed", "train.py:", "Remedy:"]),
            (
                "def load():\n    raise ValueError('no column [Class]')\n\nload()\nfrom sklearn import svm\n",
                ["✘ failed", "train.py:2: ValueError: no column [Class]", "line 2, in load", "Remedy:"],
            ),
            ("from sklearn import svm\nprint('hello')\n", ["✘ failed", "Remedy:"]),
        ],
        ids=["syntax error", "raises", "measures nothing"],
    )
    def test_tells_a_failure_of_the_authors_code(
        self, trainyard: Trainyard, tmp_path: Path, text: str, said: list[str]
    ) -> None:
        """Message, file and line, remedy and the author's own traceback; status 1."""
        code(tmp_path / "broken", text)

        ended = trainyard("run", "broken")

        assert ended.status == 1
        for words in said:
            assert words in ended.out
        assert "trainyard/" not in ended.out.partition("Remedy:")[2], "a traceback of ours reached the author"

    def test_names_the_line_of_a_broken_trainyard_toml(self, trainyard: Trainyard, tmp_path: Path) -> None:
        """A typing slip in a setting is told with file, line and where the settings are listed."""
        code(tmp_path / "flowers", SCALED, trainyard_toml="entrypoint = 'train.py'\ntreshold = 0.9\n")

        ended = trainyard("run", "flowers")

        assert ended.status == 1
        assert "trainyard.toml:2" in ended.out
        assert "treshold: no such setting" in ended.out
        assert "docs/trainyard-toml.md" in ended.out

    def test_says_that_a_folder_is_empty(self, trainyard: Trainyard, tmp_path: Path) -> None:
        """Nothing to train is a failure that says so."""
        (tmp_path / "empty").mkdir()

        ended = trainyard("run", "empty")

        assert ended.status == 1
        assert "✘ failed" in ended.out
        assert "Remedy:" in ended.out


class TestInterrupted:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_leaves_nothing_running(self, tmp_path: Path, number: signal.Signals) -> None:
        """Ctrl-C cancels in order, in the background too: status 130, the outcome is told, the child is gone."""
        code(tmp_path / "slow", "import time\nfrom sklearn import svm\nprint('begun', flush=True)\ntime.sleep(600)\n")
        mark = f"{os.getpid()}-{number}"
        process = subprocess.Popen(
            ["sh", "-c", 'trap "" INT; exec "$0" run slow', COMMAND],  # as a shell starts what is in the background
            cwd=tmp_path,
            env={**clean(), "TEST_MARK": mark},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        eventually(lambda: len(marked(mark)) > 1, timeout=60, message="the training did not start")

        process.send_signal(number)
        out, err = process.communicate(timeout=30)

        assert process.returncode == 130, err
        assert "■ cancelled" in out
        assert "Traceback" not in err
        eventually(lambda: not marked(mark), message=lambda: f"still running: {marked(mark)}")
        assert list((tmp_path / ".trainyard" / "sessions").iterdir()) == []


def marked(mark: str) -> list[str]:
    """Return the command lines of what runs with this mark in its environment."""
    found = []
    for process in filter(lambda path: path.name.isdigit(), Path("/proc").iterdir()):
        try:
            if f"TEST_MARK={mark}".encode() in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it ended meanwhile
            continue
    return found
