"""The table of trials as a person sees it."""

import io

from rich.console import Console, RenderableType

from tests.unit.cli.factories import a_curve, a_failed, a_job, a_trial, a_tweaked
from trainyard_cli.view import table
from trainyard_cli.view.job import JobSummary


def drawn(renderable: RenderableType, width: int = 100) -> str:
    """Return what a terminal of that width shows, without colours."""
    file = io.StringIO()
    Console(file=file, width=width, color_system=None).print(renderable)
    return file.getvalue()


def row(text: str, number: int) -> str:
    """Return the first line of a trial's row."""
    return next(line for line in text.splitlines() if line.lstrip("│ ").startswith(f"{number} "))


class TestTrials:
    def test_says_value_data_and_verdict_of_an_ended_trial(self) -> None:
        """A trial below the threshold is missed, and training accuracy is said in capitals."""
        job = a_job(a_trial(1, 0.3988), outcome="exhausted")

        shown = row(drawn(table.trials(job)), 1)

        assert "missed" in shown
        assert "0.399" in shown
        assert "TRAINING data" in shown
        assert "12.3 s" in shown
        assert "the original code" in shown

    def test_shows_where_the_trial_under_way_is(self) -> None:
        """The job's state stands in the row of its newest trial, without naming the trial twice."""
        job = a_job(a_trial(1, 0.4), a_tweaked(2), state="training trial 2, epoch 12 of 100")

        shown = row(drawn(table.trials(job, elapsed={2: 4.0}, width=120), 120), 2)

        assert "training, epoch 12 of 100" in shown
        assert "4.0 s" in shown

    def test_leaves_room_for_the_reasons_beside_a_long_state(self) -> None:
        """A state in many words is wrapped: in a column of three characters nobody reads why something was changed."""
        state = "training trial 2, epoch 12 of 100, fresh seed 1 of 2 for trial 1, about 4 min in all"
        job = a_job(a_trial(1, 0.4), a_tweaked(2), state=state)

        shown = drawn(table.trials(job), 100)

        assert "Changes and reasons" in shown

    def test_shows_the_accuracy_of_the_last_epoch_as_it_trains(self) -> None:
        """While a trial trains, its last epoch's accuracy stands where the result will be, named as such."""
        job = a_job(
            a_trial(1), state="training trial 1", progress={"trial": 1, "metrics": {"accuracy": 0.71, "loss": 1.0}}
        )

        shown = row(drawn(table.trials(job, width=140), 140), 1)

        assert "0.710" in shown
        assert "TRAINING data, so far" in shown

    def test_shows_how_it_gets_on_and_what_it_printed_last(self) -> None:
        """Below the table while it trains: a stall is seen by the lack of it."""
        progress = {
            "trial": 1,
            "batch": 20,
            "batches": 469,
            "left": 250.4,
            "memory": 1288490189,
            "memory_limit": 4 << 30,
            "cpu": 1.94,
            "log": "one\ntwo\nthree\n[bold]four",
        }
        job = a_job(a_trial(1), state="training trial 1", progress=progress)

        shown = [line.rstrip() for line in drawn(table.trials(job)).splitlines()[-4:]]

        assert shown == [
            " batch 20 of 469 · 4 min 10 s left · memory 1.2 GiB of 4.0 GiB · 1.9 CPUs in use",
            " │ two",
            " │ three",
            " │ [bold]four",
        ]

    def test_shows_nothing_of_what_is_over(self) -> None:
        """The last lines of a trial that has ended are not those of the next."""
        progress = {"trial": 1, "batch": 20, "log": "one"}

        assert "one" not in drawn(table.trials(a_job(a_trial(1, 0.4), a_tweaked(2), progress=progress)))
        assert "one" not in drawn(table.trials(a_job(a_trial(1), outcome="cancelled", progress=progress)))

    def test_shows_what_is_done_for_the_next_trial(self) -> None:
        """While a tweak is looked for, the next trial already has its row."""
        job = a_job(a_trial(1, 0.4), state="looking for a tweak")

        assert "looking for a tweak" in row(drawn(table.trials(job, width=100)), 2)

    def test_says_what_was_changed_and_why(self) -> None:
        """A tweaked trial shows the name of its tweak and the reason for it."""
        job = a_job(a_trial(1, 0.4), a_tweaked(2, 0.98), outcome="passed")

        assert "scale inputs: the inputs span 0.1 to 1680" in drawn(table.trials(job, width=140), 140)

    def test_names_a_failed_trial_by_its_reason(self) -> None:
        """A trial without an accuracy says what happened instead."""
        assert "raised an error" in row(drawn(table.trials(a_job(a_failed(), outcome="failed"), width=100)), 1)

    def test_draws_the_curves_where_there_is_room(self) -> None:
        """A wide terminal shows the accuracy over the epochs; a narrow one has no room for it."""
        job = a_job(a_trial(1, 0.9, curves=(a_curve(0.0, 0.5, 1.0),)), outcome="passed")

        assert "▁▁▁▁▁▁▅▅▅▅▅█" in drawn(table.trials(job, width=140), 140)
        assert "▁" not in drawn(table.trials(job, width=80), 80)

    def test_names_source_threshold_budget_and_job(self) -> None:
        """Above the table stands what the job is about."""
        shown = drawn(table.trials(a_job(a_trial(1))))

        assert "wines  /home/ann/wines" in shown
        assert "threshold 0.9 · at most 10 trials · job wines-3f2a" in shown


class TestJobs:
    def test_shows_each_job_in_a_line(self) -> None:
        """A job's line names it and says its state, trials, best value and threshold."""
        job = JobSummary(job="wines-3f2a", title="wines", state="training trial 2, epoch 3 of 9", trials=2, best=0.4)

        shown = drawn(table.jobs([job]), 120)

        for said in ("wines-3f2a", "training trial 2, epoch 3 of 9", "0.400", "0.9"):
            assert said in shown
