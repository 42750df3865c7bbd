"""A newcomer publishes one message by hand and gets a mail with a patch that works."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.e2e.stack import ROOT, Stack
from tests.pythons import forked

pytestmark = pytest.mark.timeout(900)  # the first job of a kind builds its image

SEEDS = (101, 102, 103, 104, 105)


@pytest.fixture(scope="module")
def wines(stack: Stack) -> str:
    """The job that one hand-published code.ready for the wines example became."""
    return stack.submit("file:///examples/wines")


class TestOnePublishedMessage:
    def test_ends_in_a_passed_job(self, stack: Stack, wines: str) -> None:
        """The author's network misses the threshold; a tweaked one passes within three trials."""
        job = stack.finished(wines, timeout=600)

        assert job["assurance"] == "passed", job["why"]
        assert sum(trial["purpose"] == "search" for trial in job["history"]) <= 3
        assert job["history"][0]["measurement"]["value"] < 0.9 <= job["best"]

    def test_sends_one_mail_with_the_result(self, stack: Stack, wines: str) -> None:
        """The mail says how it ended, which accuracy it is, and what was changed."""
        stack.finished(wines, timeout=600)

        mail = stack.mail(wines)

        assert "passed" in mail["subject"]
        text = mail["text"].replace("\n", " ")
        assert "on validation data" in text  # rows held out, since the example measures on what it trained on
        assert stack.job(wines)["history"][1]["tweaks"][0]["reason"] in text
        stack.expect_one_mail(wines)

    def test_the_patch_in_the_mail_makes_the_authors_script_pass(
        self, stack: Stack, wines: str, tmp_path: Path
    ) -> None:
        """`git apply` takes it, and the patched script, run plainly, reaches the threshold on five fresh seeds."""
        stack.finished(wines, timeout=600)
        author = tmp_path / "wines"
        shutil.copytree(ROOT / "examples" / "wines", author)
        patch = tmp_path / "job.patch"
        patch.write_bytes(stack.attachment(stack.mail(wines), ".patch"))

        subprocess.run(["git", "init", "--quiet"], cwd=author, check=True)
        subprocess.run(["git", "apply", patch], cwd=author, check=True)

        assert [seed for seed in SEEDS if accuracy(author, seed) < 0.9] == []

    def test_leaves_no_container_and_no_volume(self, stack: Stack, wines: str) -> None:
        """What an ended job no longer needs is gone."""
        stack.finished(wines, timeout=600)

        stack.expect_nothing_left(wines)

    def test_the_model_can_be_downloaded_where_the_job_says(self, stack: Stack, wines: str) -> None:
        """The link in job and mail gives the very file that the script saved."""
        job = stack.finished(wines, timeout=600)
        files = [file for file in job["files"] if file["trial"] == job["best_trial"]]
        model = next(file for file in files if file["name"].endswith(".h5"))

        assert download(model["url"]).startswith(b"\x89HDF")


def download(url: str) -> bytes:
    """Return what lies at a loopback URL."""
    from tests.e2e.stack import fetch

    return fetch(url)


def accuracy(folder: Path, seed: int) -> float:
    """Run the author's script plainly under *seed* and return its variable `acc`."""
    code = (
        f"import keras, runpy; keras.utils.set_random_seed({seed});"
        "print('ACC', float(runpy.run_path('wines.py', run_name='__main__')['acc']))"
    )
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
    done = subprocess.run(
        [forked.python(), "-c", code], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout.rpartition("ACC ")[2])
