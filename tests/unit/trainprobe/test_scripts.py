"""Scripts without any library: how they run, and how they end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.probing import Trial

MEASURE = "accuracy = sum([0.25, 0.5])\n"


class TestAScript:
    def test_runs_as_main_with_its_arguments_folder_and_siblings(self, train: Train) -> None:
        """What a script sees is what plain Python shows it."""
        script = (
            "import os, sys\n"
            "from helper import value\n"
            "if __name__ == '__main__':\n"
            "    print(sys.argv, sys.path[0] == os.getcwd(), os.path.basename(__file__))\n"
            "    accuracy = value()\n"
        )

        run = train(script, {"helper.py": "def value():\n    return 0.75\n"}, args=["--epochs", "3"])

        assert run.stdout == "['train.py', '--epochs', '3'] True train.py\n"
        assert run.measurement["value"] == 0.75

    def test_writes_to_its_streams_what_plain_python_would(self, tmp_path: Path) -> None:
        """Standard output and error are the same byte for byte, traceback included."""
        script = (
            "import sys\n"
            "print('ä', end='\\r')\n"
            "sys.stdout.write('b\\n')\n"
            "print('c', file=sys.stderr)\n"
            "def f():\n"
            "    1 / 0\n"
            "f()\n"
        )
        trial = Trial(tmp_path / "trial", {"train.py": script})

        run = trial.run()

        path = str(trial.root / "code" / "train.py")
        plain = subprocess.run(
            [sys.executable, path], capture_output=True, text=True, check=False, cwd=trial.root / "code"
        )
        assert (run.code, run.stdout, run.stderr) == (plain.returncode, plain.stdout, plain.stderr)

    @pytest.mark.parametrize("folder", ["", "pkg/", "pkg/sub/"])
    def test_may_import_by_relative_names(self, tmp_path: Path, folder: str) -> None:
        """As one that its author starts by ``python -m``."""
        files = {
            f"{folder}train.py": "from .parts import VALUE\nfrom . import parts as one\naccuracy = VALUE * one.VALUE\n",
            f"{folder}parts.py": "from .deep.er import VALUE\n",
            f"{folder}deep/er.py": "VALUE = 0.5\n",
        }

        run = Trial(tmp_path / "trial", files, entrypoint=f"{folder}train.py").run()

        assert run.measurement["value"] == 0.25

    def test_is_waited_for_with_its_threads(self, train: Train) -> None:
        """As plain Python does; the threads of a pool that nobody closed are not waited for, they have no work."""
        script = (
            "import threading\n"
            "from concurrent.futures import ThreadPoolExecutor\n"
            "pool = ThreadPoolExecutor(1)\n"
            "value = pool.submit(float, 0.5).result()\n"
            "go = threading.Event()\n"
            "def measure():\n    go.wait()\n    open('accuracy.txt', 'w').write(str(value))\n"
            "threading.Thread(target=measure).start()\n"
            "threading.Timer(0.05, go.set).start()\n"
        )

        assert train(script).measurement["value"] == 0.5

    @pytest.mark.parametrize(
        ("pool", "value"),
        [
            ("from concurrent.futures import ProcessPoolExecutor", "ProcessPoolExecutor(1).submit(abs, -0.5).result()"),
            ("from joblib import Parallel, delayed", "sum(Parallel(2)(delayed(abs)(one) for one in (-0.25, 0.25)))"),
        ],
    )
    def test_ends_though_its_processes_wait_for_work(self, train: Train, pool: str, value: str) -> None:
        """As those of ``GridSearchCV(n_jobs=-1)`` do, which nobody closes; Python tells them at its own end."""
        assert train(f"{pool}\naccuracy = {value}\n").measurement["value"] == 0.5

    def test_warns_as_ever(self, tmp_path: Path) -> None:
        """What is shown of which module, with the author's line."""
        script = (
            "import warnings, lib\n"
            "warnings.warn('mine', DeprecationWarning)\n"
            "warnings.warn('seen')\n"
            "x = '\\d'\n"
            "print(1 is 1)\n"
        )
        trial = Trial(
            tmp_path / "trial",
            {"train.py": script, "lib.py": "import warnings\nwarnings.warn('no', DeprecationWarning)\n"},
        )
        trial.task["paths"] = {"/root/ws": "."}

        run = trial.run()

        plain = subprocess.run(
            [sys.executable, str(trial.root / "code" / "train.py")], capture_output=True, text=True, check=False
        )
        assert run.stderr == plain.stderr

    def test_draws_by_the_trials_seed_until_it_sets_its_own(self, train: Train) -> None:
        """A trial can be repeated, and the author's word counts more."""
        script = (
            "import random\naccuracy = random.random()\nrandom.seed(1)\nmine = random.random()\nprint(accuracy, mine)\n"
        )

        run = train(script, seed=5)

        assert run.stdout == "0.6229016948897019 0.13436424411240122\n"  # the first draws of seed 5 and of seed 1

    def test_is_named_among_the_facts(self, tmp_path: Path) -> None:
        """Also one that imports no library: what is changed later is the script that was run."""
        run = Trial(tmp_path / "trial", {"src/test_all.py": MEASURE}, entrypoint="src/test_all.py").run()

        assert run.result["facts"]["entrypoint"] == "src/test_all.py"


class TestTheMetric:
    def test_is_a_variable(self, train: Train) -> None:
        """The simplest of scripts keeps its accuracy under that name."""
        run = train(MEASURE)

        assert run.measurement == {
            "metric": "accuracy",
            "value": 0.75,
            "data": "unknown",
            "source": "variable accuracy",
            "direction": "maximize",
        }

    def test_is_printed(self, train: Train) -> None:
        """A labelled number in the output is better than none, and in percent the same."""
        run = train("def main():\n    print('Accuracy: 81.5 %')\nmain()\n")

        assert (run.measurement["value"], run.measurement["source"]) == (0.815, "printed")

    def test_is_in_a_file_of_this_run(self, train: Train) -> None:
        """A file that the script writes counts more than its variables."""
        run = train(MEASURE + "open('accuracy.txt', 'w').write('0.9')\n")

        assert run.found() == [("unknown", "metrics file accuracy.txt"), ("unknown", "variable accuracy")]

    def test_is_not_in_a_file_that_came_with_the_code(self, train: Train) -> None:
        """A stale accuracy from the author's machine is no measurement."""
        run = train(MEASURE, {"accuracy.txt": "0.99"})

        assert run.found() == [("unknown", "variable accuracy")]

    def test_is_in_a_stale_file_that_was_written_again(self, train: Train) -> None:
        """Also when the new content is the old one."""
        run = train("open('accuracy.txt', 'w').write('0.99')\n", {"accuracy.txt": "0.99"})

        assert run.measurement["source"] == "metrics file accuracy.txt"

    def test_is_the_one_that_the_task_names(self, train: Train) -> None:
        """With its direction."""
        run = train("print('accuracy: 0.9')\nmae = 3.5 * 2\n", metric={"name": "mae", "direction": "minimize"})

        assert (run.measurement["metric"], run.measurement["value"], run.measurement["direction"]) == (
            "mae",
            7.0,
            "minimize",
        )


class TestAFailure:
    def test_that_raised_names_the_authors_file_and_line(self, train: Train) -> None:
        """Only frames of the author's code are shown, whatever called them."""
        script = "import json\nfrom lib import load\nload(json)\n"

        run = train(script, {"lib.py": "def load(json):\n    return json.loads('{')\n"})

        assert {key: run.error[key] for key in ("reason", "type", "file", "line")} == {
            "reason": "raised",
            "type": "JSONDecodeError",
            "file": "lib.py",
            "line": 2,
        }
        assert "decoder.py" not in run.error["traceback"]
        assert 'train.py", line 3' in run.error["traceback"]
        assert run.code == 1

    def test_by_recursion_without_end_is_told_like_any_other(self, train: Train) -> None:
        """Its traceback is as deep as Python goes."""
        run = train("def again():\n    again()\n\nagain()\n")

        assert (run.code, run.error["type"], run.error["line"]) == (1, "RecursionError", 2)

    def test_of_the_syntax_names_file_and_line(self, train: Train) -> None:
        """Before anything ran."""
        run = train("x = 1\nif x\n    pass\n")

        assert (run.error["reason"], run.error["file"], run.error["line"]) == ("syntax", "train.py", 2)
        assert run.error["remedy"]

    def test_of_an_import_names_the_module_and_the_remedy(self, train: Train) -> None:
        """It holds for an image and for child processes."""
        run = train("import no_such_library.part\n")

        assert (run.error["reason"], run.error["file"], run.error["line"]) == ("missing_module", "train.py", 1)
        assert run.error["remedy"].startswith("If no_such_library comes with a package, name the package")

    def test_of_a_part_that_a_library_lost_is_no_missing_library(self, train: Train) -> None:
        """It is there; another version of it is wanted."""
        run = train("import lib\nimport lib.nothing\n", {"lib.py": "__version__ = '1.2'"})

        assert run.error["reason"] == "raised"
        assert "lib 1.2 has no lib.nothing" in run.error["remedy"]

    def test_to_measure_names_what_would_count(self, train: Train) -> None:
        """An explained failure: what to add, and the setting."""
        run = train("print('done')\n")

        assert (run.code, run.error["reason"]) == (0, "no_metric")
        assert "accuracy.txt" in run.error["remedy"]
        assert 'metric = "' in run.error["remedy"]

    def test_before_measuring_is_not_rescued_by_a_variable(self, train: Train) -> None:
        """A value from before the crash may be a start value."""
        run = train("acc = 0.5 * 1\nraise ValueError('no data')\n")

        assert (run.error["reason"], run.error["message"]) == ("raised", "no data")

    def test_after_training_says_how_far_it_came(self, train: Train) -> None:
        """Code that did train is not untrainable."""
        fitted = (
            "from sklearn.linear_model import LinearRegression\nLinearRegression().fit([[1.0], [2.0]], [1.0, 2.5])\n"
        )

        run = train(fitted + "rows = {}['rows']\n")

        assert (run.error["trained"], run.error["line"]) == ("trained a model", 3)

    def test_after_measuring_is_a_warning(self, train: Train) -> None:
        """A crash at the mail home does not undo the training."""
        run = train("open('accuracy.txt', 'w').write('0.9')\nopen('/no/such/folder/log')\n")

        assert run.measurement["value"] == 0.9
        assert (run.result["warning"]["type"], run.result["warning"]["line"]) == ("FileNotFoundError", 2)

    def test_by_exit_code_is_one(self, train: Train) -> None:
        """``sys.exit('no data')`` says why."""
        run = train("import sys\nsys.exit('no data')\n")

        assert (run.code, run.stderr, run.error["type"]) == (1, "no data\n", "SystemExit")
        assert "no data" in run.error["message"]

    def test_is_not_seen_in_a_normal_exit(self, train: Train) -> None:
        """``sys.exit(0)`` ends many good scripts."""
        run = train(MEASURE + "import sys\nsys.exit(0)\n")

        assert (run.code, run.measurement["value"], run.result["warning"]) == (0, 0.75, None)

    def test_is_not_seen_in_a_hard_exit_after_the_work(self, train: Train) -> None:
        """``os._exit(0)``, by which some get rid of threads that hang."""
        run = train(MEASURE + "import os\nos._exit(0)\n")

        assert (run.code, run.measurement["value"]) == (0, 0.75)

    def test_by_a_hard_exit_before_the_work_is_one(self, train: Train) -> None:
        """With the code that it left by."""
        run = train("import os\nos._exit(3)\n")

        assert (run.code, run.error["type"]) == (3, "SystemExit")

    def test_is_not_seen_in_a_forked_child_that_leaves(self, train: Train) -> None:
        """It leaves its parent's script to its parent."""
        run = train("import os\nif os.fork() == 0:\n    os._exit(0)\nos.wait()\n" + MEASURE)

        assert run.measurement["value"] == 0.75


class TestArtifacts:
    def test_are_the_files_made_or_changed(self, train: Train) -> None:
        """With kind and size; what came with the code and stays as it was is none."""
        script = MEASURE + (
            "import os\n"
            "open('model.pkl', 'wb').write(b'12345')\n"
            "open('data.csv', 'a').write('more')\n"
            "os.makedirs('out/export')\n"
            "open('out/curve.png', 'wb').write(b'1')\n"
            "open('out/export/saved_model.pb', 'wb').write(b'12')\n"
            "open('out/export/variables', 'wb').write(b'3')\n"
        )

        run = train(script, {"data.csv": "1", "old.h5": "stale"})

        assert run.result["artifacts"] == [
            {"path": "model.pkl", "kind": "model", "bytes": 5},
            {"path": "out/export", "kind": "model", "bytes": 3},
            {"path": "data.csv", "kind": "other", "bytes": 5},
            {"path": "out/curve.png", "kind": "figure", "bytes": 1},
        ]


class TestTheParent:
    def test_takes_its_child_along(self, tmp_path: Path) -> None:
        """A training of the embedded engine does not outlive it."""
        trial = Trial(tmp_path / "trial", {"train.py": "import time\ntime.sleep(600)\n"})
        read, write = os.pipe()

        process = trial.start(parent=read)
        os.close(read)
        os.close(write)

        assert process.wait(timeout=30) != 0
        process.communicate()
