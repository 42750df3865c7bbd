"""Notebooks run as notebooks, and are watched and concluded like scripts."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.trainprobe.probing import Finished, Trial, wait_until

Train = Callable[..., Finished]

IRIS = (
    """%matplotlib inline
import matplotlib.pyplot as plt
from sklearn.datasets import load_iris
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier""",
    """X, y = load_iris(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)
model = KNeighborsClassifier(3).fit(X_train, y_train)
print('fitted')""",
    "plt.plot([1, 2])\nplt.show()",
    "model.score(X_test, y_test)",
)
NETWORK = (
    "import numpy as np\nfrom keras import Sequential, layers",
    "x = np.random.RandomState(0).rand(64, 4)\nt = (x.sum(axis=1) > 2).astype('int32')",
    """model = Sequential([layers.Input((4,)), layers.Dense(1, activation='sigmoid')])
model.compile('adam', 'binary_crossentropy', metrics=['accuracy'])
model.fit(x, t, epochs=4000, verbose=0)""",
)


def a_notebook(*cells: str) -> str:
    """Return the content of a notebook with these code cells."""
    empty: dict[str, Any] = {"cell_type": "code", "outputs": [], "metadata": {}, "execution_count": None}
    code = [{**empty, "id": f"c{number}", "source": cell} for number, cell in enumerate(cells)]
    kernel = {"name": "conda-env-old-py", "display_name": "Python [old]", "language": "python"}
    return json.dumps({"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})


@pytest.fixture
def execute(tmp_path: Path) -> Train:
    """Run a notebook of these cells under the probe and return what it left behind."""

    def run(*cells: str, **task: Any) -> Finished:
        return Trial(tmp_path / "trial", {"book.ipynb": a_notebook(*cells)}, "book.ipynb", task).run()

    return run


class TestNotebook:
    def test_is_executed_with_its_accuracy_its_figures_and_its_outputs_kept(self, execute: Train) -> None:
        """Whatever kernel its author had; what it shows lies beside the model, what it prints is in the log."""
        finished = execute(*IRIS)

        assert finished.code == 0
        assert finished.measurement["value"] == pytest.approx(0.9737, abs=1e-4)
        assert (finished.measurement["data"], finished.measurement["source"]) == ("test", "sklearn.score")
        assert finished.stdout == "fitted\n0.9736842105263158\n"
        kept = {each["path"]: each["kind"] for each in finished.result["artifacts"]}
        assert kept == {
            "run:artifacts/model.pkl": "model",
            "run:artifacts/book.ipynb": "other",
            "run:artifacts/figure-1.png": "figure",
        }
        assert (finished.folder / "artifacts" / "figure-1.png").read_bytes().startswith(b"\x89PNG")
        cells = json.loads((finished.folder / "artifacts" / "book.ipynb").read_text())["cells"]
        assert cells[3]["outputs"][0]["data"]["text/plain"] == "0.9736842105263158"

    def test_draws_by_the_seed_of_its_trial(self, tmp_path: Path) -> None:
        """Whatever the kernel itself has drawn before the first cell."""
        cells = "import random\nimport numpy as np", "acc = (random.random() + np.random.rand()) / 2"

        runs = [
            Trial(tmp_path / str(number), {"book.ipynb": a_notebook(*cells)}, "book.ipynb", {"seed": seed}).run()
            for number, seed in enumerate((5, 5, 6))
        ]

        first, again, other = (run.measurement["value"] for run in runs)
        assert first == again != other

    def test_that_shows_its_accuracy_in_a_cell_has_measured_it(self, execute: Train) -> None:
        """A variable and a printed line count as in a script."""
        finished = execute("right, all_ = 9, 10\naccuracy = right / all_", "accuracy")

        assert (finished.measurement["value"], finished.measurement["source"]) == (0.9, "variable accuracy")

    def test_that_raises_is_told_by_cell_and_line(self, execute: Train) -> None:
        """As the author counts them; the cells behind are not executed."""
        finished = execute("x = 1", "def f():\n    return 1 / 0\n\nf()", "print('on')")

        assert finished.code == 1
        assert finished.stdout == ""
        assert "ZeroDivisionError: division by zero" in finished.stderr
        assert "\x1b" not in finished.stderr
        error = finished.error
        assert (error["reason"], error["file"], error["line"]) == ("raised", "book.ipynb In[2]", 2)

    def test_that_raises_after_it_has_measured_counts(self, execute: Train) -> None:
        """With the warning."""
        finished = execute(*IRIS, "import smtplib\nsmtplib.SMTP('127.0.0.1', 1)")

        assert finished.measurement["source"] == "sklearn.score"
        assert finished.result["warning"]["file"] == "book.ipynb In[5]"

    def test_that_ends_itself_is_concluded(self, execute: Train) -> None:
        """Exit takes the kernel along, not what was measured."""
        finished = execute(*IRIS, "exit()", "raise ValueError")

        assert finished.measurement["source"] == "sklearn.score"

    def test_finds_its_files_its_modules_and_its_answers(self, tmp_path: Path) -> None:
        """It is started like a script: in the same folder, with the same command line and standard input."""
        cells = ("import sys, helper", "open('data.txt').read(), helper.HALF, sys.argv[1:], input('name? ')")
        files = {"sub/book.ipynb": a_notebook(*cells), "sub/helper.py": "HALF = 0.5", "sub/data.txt": "rows"}
        task = {"workdir": "sub", "args": ["--fast"], "stdin": "Ada\n"}

        finished = Trial(tmp_path / "trial", files, "sub/book.ipynb", task).run()

        assert finished.stdout == "name? ('rows', 0.5, ['--fast'], 'Ada')\n"

    def test_whose_kernel_is_killed_has_crashed(self, execute: Train) -> None:
        """It leaves neither result nor error, so that it is resumed."""
        finished = execute("import os, signal", "os.kill(os.getpid(), signal.SIGKILL)")

        assert finished.code == 137
        assert not {"result.json", "error.json"} & {path.name for path in finished.folder.iterdir()}


class TestResume:
    def test_a_killed_notebook_goes_on_from_its_checkpoint(self, tmp_path: Path) -> None:
        """The cells before are executed again; the fit goes on where it was."""
        says_who_it_is = "import os, pathlib\npathlib.Path('kernel').write_text(str(os.getpid()))"
        trial = Trial(tmp_path / "trial", {"book.ipynb": a_notebook(says_who_it_is, *NETWORK)}, "book.ipynb")
        process = trial.start()
        try:
            wait_until(lambda: _epoch(trial) >= 20 or process.poll() is not None)
            assert process.poll() is None
            os.kill(int((trial.root / "code" / "kernel").read_text()), signal.SIGKILL)
            process.wait(60)
        finally:
            process.kill()
            process.communicate()
        resumed = trial.start(2)
        try:
            wait_until(lambda: trial.events(2) or resumed.poll() is not None)
        finally:
            resumed.kill()
            resumed.communicate()

        assert process.returncode == 137
        first = trial.events(2)[0]
        assert (first["event"], first["epoch"] >= 1) == ("resumed", True)


def _epoch(trial: Trial) -> int:
    return max((int(event.get("epoch", 0)) for event in trial.events(1)), default=0)
