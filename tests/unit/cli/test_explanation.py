"""What `trainyard explain` tells."""

from pathlib import Path

import pytest

from tests.unit.cli.factories import a_job, a_trial, a_tweak
from trainyard.trial import Diagnosis, Trial
from trainyard_cli.errors import CommandError
from trainyard_cli.saved_jobs import FILE, FOLDER, find
from trainyard_cli.view.explanation import explanation
from trainyard_cli.view.job import Job

NOWHERE = "http://127.0.0.1:9"
FOUND = (
    Diagnosis(name="unscaled_inputs", sentence="The inputs are not scaled", confidence=0.95),
    Diagnosis(name="no_cause", sentence="No single cause shows", confidence=0.1),
)
SCALE, WIDEN = a_tweak("scale_inputs", "they span a lot"), a_tweak("units", "two are few")


def both() -> Trial:
    """A second trial that passed with two tweaks."""
    return a_trial(2, 0.98, tweaks=(SCALE, WIDEN), base=1).model_copy(update={"diagnosis": FOUND})


def pruned() -> Trial:
    """A third trial, without one of them."""
    return a_trial(3, 0.6, tweaks=(WIDEN,), base=1).model_copy(update={"purpose": "prune", "of": 2})


def told(job: Job) -> str:
    """Return what is told of a job."""
    return "\n".join(line.plain for line in explanation(job))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which `trainyard run` has left one job."""
    left = tmp_path / FOLDER / "wines-1a2b"
    left.mkdir(parents=True)
    (left / FILE).write_text(a_job(a_trial(1, 0.95), outcome="passed").model_dump_json())
    monkeypatch.chdir(tmp_path)
    return left


class TestExplanation:
    def test_tells_what_was_wrong_and_how_sure_that_was(self) -> None:
        """Each finding with its confidence; what is only there to try what is left is not told."""
        shown = told(a_job(a_trial(1, 0.4), both(), outcome="passed"))

        assert "  What was wrong with trial 1:\n     95%  The inputs are not scaled\n  scale inputs:" in shown
        assert "No single cause" not in shown

    def test_tells_why_a_sure_finding_was_left_alone(self) -> None:
        """Below that finding, in the words of the edit that could not be made."""
        left = FOUND[0].model_copy(update={"left_alone": "a pipeline has no coef_ (line 6)"})
        trial = both().model_copy(update={"diagnosis": (left,)})

        shown = told(a_job(a_trial(1, 0.4), trial, outcome="passed"))

        assert "The inputs are not scaled\n          not changed, because a pipeline has no coef_ (line 6)\n" in shown

    def test_tells_what_each_trial_was_for(self) -> None:
        """A pruned trial is no failure of the search."""
        shown = told(a_job(a_trial(1, 0.4), both(), pruned(), outcome="passed"))

        assert "the original code" in shown
        assert "trial 2 with fewer changes, to see which of them are needed" in shown

    def test_tells_what_each_part_of_the_patch_is_worth(self) -> None:
        """Both the gain and what was measured without it."""
        shown = told(a_job(a_trial(1, 0.4), both(), pruned(), outcome="passed", best_trial=2))

        patch = shown.partition("The patch\n")[2]
        assert "scale inputs: they span a lot\n    without it: accuracy 0.600 on" in patch
        assert "0.4 -> 0.98 (trial 1 -> 2)" in patch

    def test_has_no_patch_to_tell_of_where_the_authors_code_is_best(self) -> None:
        """Nothing was changed."""
        assert "The patch" not in told(a_job(a_trial(1, 0.95), outcome="passed"))


class TestFind:
    @pytest.mark.parametrize("name", ["wines", "wines-1a2b", ".trainyard/jobs/wines-1a2b/job.json"])
    def test_knows_what_run_left_in_this_folder(self, folder: Path, name: str) -> None:
        """By the beginning of its name, or by its file; no evaluator is asked."""
        assert find(name, NOWHERE).outcome == "passed", folder

    def test_says_what_is_no_job(self, folder: Path) -> None:
        """The file, the reason and the remedy."""
        (folder / FILE).write_text("{}")

        with pytest.raises(CommandError, match=r"job.json does not hold a job") as error:
            find("wines", NOWHERE)

        assert "job.json that `trainyard run` saved" in (error.value.remedy or "")

    def test_asks_the_evaluator_for_all_others(self, folder: Path) -> None:
        """Here it does not answer, which is said."""
        with pytest.raises(CommandError, match="the evaluator does not answer"):
            find("digits", NOWHERE)

        assert folder.exists()
