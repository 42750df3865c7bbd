"""The files that a script takes for granted: folders to write to, names in another case, nothing of an earlier run."""

from pathlib import Path

import pytest

from tests.unit.trainprobe.conftest import Train
from tests.unit.trainprobe.probing import Trial

MEASURE = "accuracy = sum([0.25, 0.5])\n"


class TestAFolder:
    def test_that_is_taken_for_granted_is_there(self, train: Train) -> None:
        """Before the script starts; one that makes it itself, without a look, does not fail."""
        script = MEASURE + (
            "import os\n"
            "assert os.path.isdir('models/best') and os.path.isdir('logs')\n"
            "os.mkdir('logs')\n"
            "os.makedirs('models')\n"
            "try:\n    os.mkdir('logs')\nexcept FileExistsError:\n    print('as ever')\n"
        )

        run = train(script, folders=["models/best", "logs"])

        assert run.result["warning"] is None
        assert run.stdout == "as ever\n"

    def test_is_made_for_a_file_that_is_written(self, train: Train) -> None:
        """By `open` and by what goes through it."""
        script = MEASURE + (
            "import io, pathlib, os\n"
            "open('a/b/c.txt', 'w').close()\n"
            "io.open(os.path.abspath('d/e.bin'), mode='xb').close()\n"
            "with open(file='f/g.txt', mode='a') as file:\n    file.write('h')\n"
            "pathlib.Path('i/j.txt').write_text('k')\n"
        )

        run = train(script)

        assert [one["path"] for one in run.result["artifacts"]] == ["a/b/c.txt", "d/e.bin", "f/g.txt", "i/j.txt"]

    def test_is_made_for_a_file_that_a_library_writes(self, train: Train) -> None:
        """Also by one that looks for it first, or that does not go through `open`."""
        script = MEASURE + (
            "import h5py, pandas\npandas.DataFrame({'a': [1]}).to_csv('a/b.csv')\nh5py.File('c/d.h5', 'w').close()\n"
        )

        run = train(script)

        assert [one["path"] for one in run.result["artifacts"]] == ["c/d.h5", "a/b.csv"]

    @pytest.mark.parametrize("call", ["open('a/b.txt')", "open('../a/b.txt', 'w')", "open('a/b.txt', 'r+')"])
    def test_is_not_made_for_reading_or_elsewhere(self, train: Train, call: str) -> None:
        """There, what is missing is missing."""
        run = train(f"open('accuracy.txt', 'w').write('0.9')\n{call}\n")

        assert run.result["warning"]["type"] == "FileNotFoundError"
        assert run.result["warning"]["line"] == 2
        assert not (run.folder.parent / "a").exists()


class TestAName:
    def test_that_differs_in_case_is_found(self, train: Train) -> None:
        """In folders and files, by whatever library opens it; the log tells."""
        run = train(
            "import os\naccuracy = float(open(os.path.join('data', 'Value.CSV')).read())\n", {"Data/value.csv": "0.5"}
        )

        assert run.measurement["value"] == 0.5
        assert '"used": "Data/value.csv"' in (run.folder / "epochs.jsonl").read_text()

    def test_is_found_from_where_the_author_may_have_started(self, tmp_path: Path) -> None:
        """A script that is started in the root reads what is named from its own folder, and the other way round."""
        script = "accuracy = sum(float(open(name).read()) for name in ('../data/a.txt', 'near.txt', 'data/a.txt'))\n"
        files = {"src/train.py": script, "src/near.txt": "0.5", "data/a.txt": "0.125"}

        for workdir in (".", "src"):
            trial = Trial(tmp_path / f"in {workdir}", files, "src/train.py", {"workdir": workdir})
            assert trial.run().measurement["value"] == 0.75

    def test_that_several_files_have_but_for_case_is_not(self, train: Train) -> None:
        """Nothing is guessed."""
        run = train("open('value.csv')\n", {"Value.csv": "1", "VALUE.csv": "2"})

        assert run.error["type"] == "FileNotFoundError"

    @pytest.mark.parametrize(
        "parts", ["os.sep + 'content', 'drive', 'data'", "'C:' + chr(92) + 'data'", "os.getcwd() + '/input/data'"]
    )
    def test_of_another_place_is_found_by_its_end(self, train: Train, parts: str) -> None:
        """Put together by the script, so that nobody can read it in the code."""
        script = (
            f"import os\nfolder = os.path.join({parts})\naccuracy = float(open(os.path.join(folder, 'v.txt')).read())\n"
        )

        run = train(script, {"v.txt": "0.1", "data/v.txt": "0.5"})

        assert run.measurement["value"] == 0.5

    def test_below_the_working_directory_may_be_beside_the_script(self, tmp_path: Path) -> None:
        """Its author started it in its own folder."""
        script = "import os\naccuracy = float(open(os.path.join(os.getcwd(), 'data', 'v.txt')).read())\n"

        trial = Trial(tmp_path / "trial", {"src/train.py": script, "src/data/v.txt": "0.5"}, "src/train.py")

        assert trial.run().measurement["value"] == 0.5

    def test_where_libraries_keep_settings_means_none_of_the_authors(self, train: Train) -> None:
        """They look for files that need not be there."""
        script = (
            "import os\nfound = []\n"
            "for path in ('/etc/v.txt', os.path.expanduser('~/.config/v.txt')):\n"
            "    try:\n        open(path)\n    except FileNotFoundError:\n        found.append(0.25)\n"
            "accuracy = sum(found)\n"
        )

        assert train(script, {"v.txt": "1"}).measurement["value"] == 0.5


class TestOpen:
    def test_is_as_little_a_method_as_ever(self, train: Train) -> None:
        """A class may hold it under a name of its own."""
        script = (
            "import inspect\n"
            "class Reader:\n    opener = open\n    def read(self):\n        return self.opener('v.txt').read()\n"
            "accuracy = float(Reader().read())\n"
            "print(open.__name__, list(inspect.signature(open).parameters)[:2])\n"
        )

        run = train(script, {"v.txt": "0.5"})

        assert run.measurement["value"] == 0.5
        assert run.stdout == "open ['file', 'mode']\n"


KEEPS_A_MODEL = """
import os, time
if os.path.exists('mymodel.h5'):
    print('loaded')
else:
    os.mkdir('logs')
    open('mymodel.h5', 'w').write('half')
    open('logs/log.txt', 'w').write('x')
    open('data.csv', 'w').write('spoilt')
    print('trained', flush=True)
    if os.path.exists('../wait'):
        time.sleep(600)
accuracy = sum([0.25, 0.5])
"""


class TestARunAfterACrash:
    @pytest.fixture
    def killed(self, tmp_path: Path) -> Trial:
        """A trial whose first run was killed after it had saved its model."""
        trial = Trial(tmp_path / "trial", {"train.py": KEEPS_A_MODEL, "data.csv": "1"})
        trial.root.mkdir()
        (trial.root / "wait").touch()
        process = trial.start()
        try:
            assert process.stdout
            assert process.stdout.readline() == "trained\n"
        finally:
            process.kill()
            process.communicate()
        (trial.root / "wait").unlink()
        return trial

    def test_finds_the_authors_files_only(self, killed: Trial) -> None:
        """What the first run had written by then is not taken for a finished model; folders are made again."""
        run = killed.run(2)

        assert run.stdout == "trained\n"
        assert [one["path"] for one in run.result["artifacts"]] == ["mymodel.h5", "data.csv", "logs/log.txt"]

    def test_finds_the_model_that_came_with_the_code(self, tmp_path: Path) -> None:
        """There the author means the script to load it, in the first run as in the next; it is no artifact of ours."""
        trial = Trial(tmp_path / "trial", {"train.py": KEEPS_A_MODEL, "mymodel.h5": "whole"})

        runs = [trial.run(1), trial.run(2)]

        assert [run.stdout for run in runs] == ["loaded\n", "loaded\n"]
        assert [run.result["artifacts"] for run in runs] == [[], []]


class TestAnArtifact:
    def test_is_no_file_elsewhere_to_which_a_link_leads(self, train: Train, tmp_path: Path) -> None:
        """A data set that is linked to is not kept with the model; a link within the code is a file like any other."""
        (tmp_path / "mnist.npz").write_text("data")
        script = MEASURE + (
            f"import os\nos.symlink({str(tmp_path / 'mnist.npz')!r}, 'mnist.npz')\n"
            "open('best.h5', 'w').close()\nos.symlink('best.h5', 'last.h5')\n"
        )

        run = train(script)

        assert [one["path"] for one in run.result["artifacts"]] == ["best.h5", "last.h5"]

    def test_is_a_file_that_was_replaced_by_another_of_the_same_size_and_time(self, train: Train) -> None:
        """A name can come to mean another file: it is as little the author's as one that was written to."""
        script = MEASURE + (
            "import os, shutil\n"
            "seen = os.stat('old.h5')\n"
            "open('new.tmp', 'w').write('fresh')\n"
            "os.utime('new.tmp', ns=(seen.st_atime_ns, seen.st_mtime_ns))\n"
            "os.replace('new.tmp', 'old.h5')\n"
        )

        run = train(script, {"old.h5": "stale"})

        assert [one["path"] for one in run.result["artifacts"]] == ["old.h5"]
