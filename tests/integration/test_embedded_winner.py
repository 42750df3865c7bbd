"""What comes after a pass, in a whole embedded job: a smaller diff, further seeds, a commit a tweak, an explanation."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.integration.commands import run, trainyard

SCRIPT = """\
from sklearn.datasets import load_wine
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

X, y = load_wine(return_X_y=True)
X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=3, stratify=y)
model = KNeighborsClassifier(n_neighbors=100).fit(X_train, y_train)
print("accuracy on held-out wines:", model.score(X_test, y_test))
"""
POLICY = """\
threshold = 0.93
confirm = 2
"""
WHO = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the author's code in a checkout, and what a job left beside it."""
    folder = tmp_path_factory.mktemp("winner")
    code = folder / "wine"
    code.mkdir()
    (code / "train.py").write_text(SCRIPT)
    (code / "trainyard.toml").write_text(POLICY)
    run(code, "git", "init", "--quiet")
    run(code, "git", "add", "--all")
    run(code, "git", *WHO, "commit", "--quiet", "-m", "first")
    trainyard(folder, "run", "wine", "--engine", "process")
    return folder


def left(folder: Path, name: str) -> Path:
    """Return a file that the job left."""
    (results,) = (folder / ".trainyard" / "jobs").iterdir()
    return results / name


def job(folder: Path) -> dict[str, Any]:
    """Return all about the job."""
    told: dict[str, Any] = json.loads(left(folder, "job.json").read_text())
    return told


def test_the_winner_is_pruned_and_then_confirmed(folder: Path) -> None:
    """Trial 2 mends two things; what is not certain is left out once; two further seeds have the last word."""
    told = job(folder)

    purposes = [trial["purpose"] for trial in told["history"]]
    assert purposes[:2] == ["search", "search"]
    assert "prune" in purposes[2:-2]
    assert purposes[-2:] == ["confirm", "confirm"]
    assert len({trial["seed"] for trial in told["history"][-2:]} | {told["history"][0]["seed"]}) == 3


def test_the_job_passes_on_the_mean(folder: Path) -> None:
    """How many seeds, and their mean."""
    told = job(folder)

    assert told["outcome"] == "passed"
    assert "Trained again with 2 fresh seeds it measured 0.9" in told["why"]
    (winner,) = {trial["of"] for trial in told["history"][-2:]}
    assert told["best_trial"] in {trial["trial"] for trial in told["history"] if trial["of"] == winner}


def test_the_patch_becomes_commits(folder: Path) -> None:
    """One for each tweak of the winner, upon the author's own."""
    code = folder / "wine"
    trials = {trial["trial"]: trial for trial in job(folder)["history"]}
    confirmed = trials[trials[job(folder)["best_trial"]]["of"]]

    run(
        code, "git", "-c", "user.name=Ada", "-c", "user.email=a@example.org", "am", str(left(folder, "trainyard.patch"))
    )

    subjects = run(code, "git", "log", "--reverse", "--format=%an: %s").splitlines()
    assert subjects == [
        "Ada: first",
        *(f"Trainyard: {tweak['name']}: {tweak['deed']}" for tweak in confirmed["tweaks"]),
    ]


def test_the_job_can_be_explained(folder: Path) -> None:
    """What was wrong, how sure that was, and what each trial was for."""
    said = trainyard(folder, "explain", "wine")

    assert "What was wrong with trial 1:" in said
    assert "95%  The inputs are not scaled" in said
    assert "with another seed, to rule out luck" in said
