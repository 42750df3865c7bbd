"""A cut of the benchmark of search strategies: three problems, one seed, and what must hold for their diffs."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.courses.lane import Lane
from benchmarks.courses.problem import Problem
from benchmarks.courses.records import Course, Key, Records
from benchmarks.search.catalogue import problems
from benchmarks.search.checks import Checked, checked, patched
from benchmarks.wines.probing import ROOT
from tests.pythons import forked
from trainyard.bundle import pack
from trainyard.trial import Measurement, Trial

CUT = ("cancer-boosting", "cancer-svm", "wine-output")

NETWORK = """
import numpy as np
from keras import Input, Sequential, layers

x = np.random.rand(64, 4)
y = (x.sum(axis=1) > 2).astype(int)
model = Sequential([Input((4,)), layers.Dense(8, activation='relu'), layers.Dense(1, activation='sigmoid')])
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
model.fit(x, y, epochs=3, verbose=0)
print('accuracy:', model.evaluate(x, y, verbose=0)[1])
"""
SPOILING = """
import os
import random
import sklearn.svm
from keras import Sequential

sklearn.svm.SVC = Sequential.fit = None
os.environ['LEFT_BEHIND'] = 'yes'
random.seed(99)
accuracy = 0.1
print('accuracy:', accuracy)
"""
LOOKING = """
import os
import sklearn.svm

accuracy = 1.0 if sklearn.svm.SVC is not None and 'LEFT_BEHIND' not in os.environ else 0.0
print('accuracy:', accuracy)
"""
ENDLESS = "while True:\n    pass\n"


def bench(results: Path, *arguments: str) -> str:
    """Run the benchmark's command and return what it printed."""
    command = [forked.python(), "-m", "benchmarks.search", "--results", str(results), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lines(results: Path) -> list[str]:
    """Return what was kept."""
    return (results / "trials.jsonl").read_text().splitlines()


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of the cut, which was interrupted after the authors' trials and in the middle of a line."""
    results = tmp_path_factory.mktemp("results")
    chosen = ("--problems", *CUT, "--strategies", "diagnosis", "--seeds", "1", "--jobs", "1")
    bench(results, "run", *chosen, "--trials", "1")
    first = [line for line in lines(results) if '"trial"' in line]
    (results / "trials.jsonl").write_text("\n".join([*first, first[-1][:100]]))
    bench(results, "run", *chosen)
    assert lines(results)[: len(first)] == first
    return results


class TestTheCut:
    def test_passes_each_problem(self, cut: Path) -> None:
        """The author's code misses, and the tweaker's passes within the budget."""
        courses = Records(cut).courses

        values = {key.problem: [each.measurement for each in course.trials] for key, course in courses.items()}

        assert set(values) == set(CUT)
        for name, measured in values.items():
            threshold = problems()[name].policy.threshold
            assert measured[0] is not None
            assert measured[-1] is not None
            assert measured[0].value < threshold <= measured[-1].value, name

    def test_goes_on_where_it_was(self, cut: Path) -> None:
        """The authors' trials were not run twice, and what was cut off is run again in full."""
        trials = [(line["problem"], line["trial"]["trial"]) for line in map(json.loads, _whole(cut))]

        assert len(trials) == len(set(trials))
        assert {problem for problem, number in trials if number == 1} == set(CUT)

    def test_runs_nothing_that_is_over(self, cut: Path) -> None:
        """The same command a second time adds nothing, and starts nothing."""
        before = lines(cut)

        said = bench(cut, "run", "--problems", *CUT, "--strategies", "diagnosis", "--seeds", "1")

        assert said == ""
        assert lines(cut) == before

    def test_has_diffs_that_apply_and_scripts_that_pass_by_themselves(self, cut: Path) -> None:
        """`git apply` makes of the author's tree what was trained; python alone and a new probe reach the threshold."""
        said = bench(cut, "check")

        assert said.splitlines()[-1] == "3 diffs: 3 apply and measure the same; 3 pass when run by themselves"

    def test_reports_what_it_measured(self, cut: Path, tmp_path: Path) -> None:
        """The table has a line for the strategy and one for each problem; the plot is a picture."""
        said = bench(cut, "report", "--out", str(tmp_path))

        assert "| diagnosis | 3 | 100% | 100% of 20 |" in said
        assert all(f"| {name} | 1/1, " in said for name in CUT)
        assert (tmp_path / "report.md").read_text().strip() == said.strip()
        assert "</svg>" in (tmp_path / "passed.svg").read_text()

    def test_can_be_run_again_for_one_strategy(self, cut: Path, tmp_path: Path) -> None:
        """What is forgotten of a strategy stays in a file beside; others keep their courses."""
        (tmp_path / "trials.jsonl").write_text("\n".join(lines(cut)) + "\n")
        other = Key(CUT[0], "random", 1)

        with Records(tmp_path) as records:
            records.end(other, "It was enough.")
            records.forget("diagnosis")

        assert list(Records(tmp_path).courses) == [other]
        assert (tmp_path / "trials.old.jsonl").read_text().count('"diagnosis"') >= len(CUT)


def _whole(results: Path) -> Iterator[str]:
    """Yield the lines that are whole."""
    return (line for line in lines(results) if line.endswith("}") and '"trial"' in line)


class TestChecks:
    def test_notice_a_changed_split(self, tmp_path: Path) -> None:
        """A diff that passes because it measures on other rows is no good."""
        problem = problems()["cancer-svm"]
        better = problem.files["svm_cancer.py"].replace(b"gamma=1.0", b"gamma=0.0001")

        sound = _checked(problem, better, tmp_path / "sound")
        easier = _checked(problem, better.replace(b"test_size=0.3", b"test_size=0.1"), tmp_path / "easier")

        assert (sound.applies, sound.changed) == (True, None)
        assert easier.changed
        assert sound.plainly == pytest.approx(sound.anew, abs=0.001)  # it prints three digits

    def test_notice_a_patch_that_does_not_apply(self, tmp_path: Path) -> None:
        """It is one for other files."""
        patch = "--- a/train.py\n+++ b/train.py\n@@ -1 +1 @@\n-epochs = 5\n+epochs = 50\n"

        with pytest.raises(subprocess.CalledProcessError):
            patched(tmp_path, {"train.py": b"epochs = 7\n"}, patch)


def _checked(problem: Problem, script: bytes, results: Path) -> Checked:
    """Check the diff that leads to *script*, as if it had been found by a search."""
    records = Records(results)
    key, files = Key(problem.name, "diagnosis", 1), {**problem.files, problem.entrypoint: script}
    trial = Trial(trial=2, bundle=records.bundles.put_blob(pack(files)), measurement=Measurement(value=1.0))
    records.courses[key] = Course(key, (Trial(trial=1, measurement=Measurement(value=0.6)), trial))
    return checked(problem, key, trial, records, None)


@pytest.fixture(scope="module")
def lane() -> Iterator[Lane]:
    """Yield a lane whose trials get a minute."""
    with Lane(limit=60) as made:
        yield made


def value(lane: Lane, folder: Path, script: str, seed: int = 1) -> object:
    """Return what *script* measured, or why it measured nothing."""
    files = {"train.py": script.encode()}
    trial = lane.train(folder, files, entrypoint="train.py", seed=seed, trial=Trial(trial=1))
    return trial.measurement.value if trial.measurement else trial.failure and trial.failure.reason


class TestTheNursery:
    def test_keeps_trials_apart(self, lane: Lane, tmp_path: Path) -> None:
        """What a script does to a library or to the environment is gone with it."""
        spoilt = value(lane, tmp_path / "1", SPOILING)

        seen = value(lane, tmp_path / "2", LOOKING)

        assert (spoilt, seen) == (0.1, 1.0)

    def test_trains_networks_from_the_seed_alone(self, lane: Lane, tmp_path: Path) -> None:
        """TensorFlow works in a child after another child used it, and the same seed gives the same value."""
        values = [value(lane, tmp_path / str(number), NETWORK, seed) for number, seed in enumerate((1, 2, 1))]

        assert values[0] == values[2]
        assert values[0] != values[1]

    def test_ends_what_takes_too_long(self, tmp_path: Path) -> None:
        """It counts as a failed trial, and the next one is trained."""
        with Lane(limit=2) as lane:
            endless = value(lane, tmp_path / "1", ENDLESS)

            after = value(lane, tmp_path / "2", LOOKING)

        assert (endless, after) == ("timed_out", 1.0)
