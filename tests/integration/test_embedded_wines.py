"""The first thing that a newcomer does: `trainyard run examples/wines`."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.commands import run, trainyard
from tests.pythons import forked

WINES = Path(__file__).parents[2] / "examples" / "wines"


@dataclass(frozen=True)
class Ended:
    """What the command printed, and the folder with what it delivered."""

    printed: str
    results: Path


@pytest.fixture(scope="module")
def wines(tmp_path_factory: pytest.TempPathFactory) -> Ended:
    """The one training of the example from beginning to end, with as few further trials as there may be."""
    folder = tmp_path_factory.mktemp("wines")
    code = shutil.copytree(WINES, folder / "wines")
    with (code / "trainyard.toml").open("a") as settings:
        settings.write("confirm = 1\nprune = false\n")
    printed = trainyard(folder, "run", str(code))
    (results,) = (folder / ".trainyard" / "jobs").iterdir()
    return Ended(printed, results)


def test_wines_clear_their_bar_within_three_trials(wines: Ended) -> None:
    """From a network that learns little to at least 0.90, with a model, a patch and the reason for each change."""
    job = json.loads((wines.results / "job.json").read_text())

    assert job["best"] >= 0.90
    assert sum(trial["purpose"] == "search" for trial in job["history"]) <= 3
    assert job["history"][0]["measurement"]["value"] < 0.80
    assert (wines.results / "modelsave.h5").stat().st_size > 0
    assert "scale inputs: " in wines.printed


def test_wines_pass_on_rows_that_were_held_out(wines: Ended) -> None:
    """The script evaluates on what it trained on; `holdout` makes a pass of it, and so few rows are said to be few."""
    job = json.loads((wines.results / "job.json").read_text())

    assert (job["assurance"], job["best_data"]) == ("passed", "validation")
    assert job["evidence"]["seeds"] == 1
    assert "36 rows cannot tell" in wines.printed


def test_the_patch_makes_the_authors_script_pass(wines: Ended, tmp_path: Path) -> None:
    """It applies to the author's tree, and the patched script passes when run plainly."""
    code = tmp_path / "wines"
    shutil.copytree(WINES, code)
    patch = wines.results / "trainyard.patch"

    subprocess.run(["git", "apply", str(patch)], cwd=code, check=True, timeout=60)

    assert float(run(code, forked.python(), "wines.py").split()[-1]) >= 0.90
