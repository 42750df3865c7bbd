"""What the evaluator decides, without anything around it."""

import functools

import pytest

from services.evaluator import domain, next_step
from services.evaluator.domain import Job, Progress
from tests.unit.evaluator.builders import (
    JOB,
    NOW,
    ORIGIN,
    SCALE,
    a_failed_trial,
    a_job,
    a_measured_trial,
    a_policy,
)
from trainyard.messages import JobFinished, Message, ThresholdMissed, ThresholdPassed
from trainyard.policy import Policy
from trainyard.trial import Failure, Trial, Warn

RAISED = Warn(type="ValueError", message="shapes differ", file="train.py", line=9)


def after(*trials: Trial, policy: Policy | None = None, seconds: float = 60.0) -> Message:
    """What the newest of *trials* leads to, *seconds* after the job's first message."""
    job = functools.reduce(Job.with_trial, trials, a_job(policy=policy))
    return next_step.follow_up(job, trials[-1], NOW + seconds)


class TestFollowUp:
    @pytest.mark.parametrize("value", [0.90, 0.983])
    def test_reaches_it_at_the_threshold_and_above(self, value: float) -> None:
        """A trial at the threshold has reached it."""
        message = after(a_measured_trial(1, 0.40), a_measured_trial(2, value))

        assert isinstance(message, ThresholdPassed)
        assert message.winner == 2

    def test_reaches_it_below_the_threshold_of_a_metric_to_minimise(self) -> None:
        """An error of 0.08 is better than the 0.1 that was asked for."""
        message = after(a_measured_trial(1, 0.08, direction="minimize"), policy=a_policy(threshold=0.1))

        assert isinstance(message, ThresholdPassed)

    def test_reaches_it_on_training_data_where_the_author_measured_on_it(self) -> None:
        """There is nothing better to go by."""
        message = after(a_measured_trial(1, 0.85, data="train"), a_measured_trial(2, 0.91, data="train"))

        assert isinstance(message, ThresholdPassed)
        assert message.winner == 2

    def test_does_not_pass_on_training_data_where_the_author_measured_on_test_data(self) -> None:
        """A tweak that keeps the script from its evaluation has failed, however good the rest looks."""
        message = after(a_measured_trial(1, 0.85), a_measured_trial(2, 0.97, data="train"))

        assert isinstance(message, ThresholdMissed)
        failure = message.history[1].failure
        assert failure is not None
        assert (
            failure.message
            == "accuracy 0.97 on TRAINING data only, whereas the original code was measured on test data"
        )

    def test_does_not_pass_with_a_script_that_the_tweak_broke(self) -> None:
        """A patch whose script raises where the author's did not is nothing to deliver."""
        broken = a_measured_trial(2, 0.97).model_copy(update={"warning": RAISED})

        message = after(a_measured_trial(1, 0.85), broken)

        assert isinstance(message, ThresholdMissed)
        failure = message.history[1].failure
        assert failure is not None
        assert (failure.reason, failure.message, failure.line) == ("raised", "ValueError: shapes differ", 9)

    def test_passes_with_a_script_that_raised_after_measuring_from_the_start(self) -> None:
        """What the author's own code does after it has measured is not the tweak's fault."""
        first = a_measured_trial(1, 0.85).model_copy(update={"warning": RAISED})
        second = a_measured_trial(2, 0.97).model_copy(update={"warning": RAISED})

        assert isinstance(after(first, second), ThresholdPassed)

    def test_asks_for_a_tweak_while_the_budget_lasts(self) -> None:
        """A trial below the threshold leads to one request that carries the whole history."""
        first, second = a_measured_trial(1, 0.40), a_measured_trial(2, 0.60)

        message = after(first, second)

        assert message == ThresholdMissed(job=JOB, policy=a_policy(), origin=ORIGIN, seed=7, history=(first, second))

    def test_ends_with_the_best_trial_when_the_trials_are_spent(self) -> None:
        """The budget counts the author's own trial too."""
        message = after(a_measured_trial(1, 0.40), a_measured_trial(2, 0.35), policy=a_policy(trials=2))

        assert isinstance(message, JobFinished)
        assert (message.outcome, message.best) == ("exhausted", 1)
        assert message.why == (
            "The budget of 2 trials is spent. The best result is trial 1 with accuracy 0.4 on test data;"
            " the threshold is 0.9."
        )

    def test_ends_with_the_best_trial_when_the_hours_are_spent(self) -> None:
        """Wall clock counts from the job's first message."""
        message = after(a_measured_trial(1, 0.40), policy=a_policy(hours=1), seconds=3600)

        assert isinstance(message, JobFinished)
        assert message.outcome == "exhausted"
        assert message.why.startswith("The budget of 1 h is spent.")

    def test_fails_when_the_authors_own_code_fails(self) -> None:
        """The reason, file and line travel to the author."""
        failure = Failure(reason="raised", message="ValueError: could not convert", file="train.py", line=12)

        message = after(Trial(trial=1, failure=failure))

        assert isinstance(message, JobFinished)
        assert (message.outcome, message.best) == ("failed", None)
        assert message.why == "The original code could not be trained: ValueError: could not convert (train.py:12)."

    @pytest.mark.parametrize(
        ("reason", "trained", "beginning"),
        [
            ("raised", "trained for 3 epochs", "The original code trained for 3 epochs, but failed before it measured"),
            ("no_metric", "trained a model", "The original code trained a model, but reported no metric: "),
            ("no_metric", "", "The original code could not be measured: "),
            ("timed_out", "", "The original code did not run to its end: "),
        ],
    )
    def test_says_how_far_the_authors_own_code_came(self, reason: str, trained: str, beginning: str) -> None:
        """Code that did train is not called untrainable."""
        failure = Failure.model_validate({"reason": reason, "message": "no", "trained": trained})

        message = after(Trial(trial=1, failure=failure))

        assert isinstance(message, JobFinished)
        assert message.why.startswith(beginning)

    def test_takes_a_tweaked_trial_that_failed_as_history(self) -> None:
        """Our own edit that does not train is not the author's failure."""
        message = after(a_measured_trial(1, 0.40), a_failed_trial(2))

        assert isinstance(message, ThresholdMissed)
        assert [trial.trial for trial in message.history] == [1, 2]

    def test_pays_nothing_for_an_edit_that_did_not_even_train(self) -> None:
        """The budget is for trainings; a script that an edit broke took no time."""
        message = after(a_measured_trial(1, 0.40), a_failed_trial(2), policy=a_policy(trials=2))

        assert isinstance(message, ThresholdMissed)

    def test_counts_failed_trials_in_the_budget(self) -> None:
        """A training that crashed took its time."""
        crashed = a_failed_trial(2, reason="out_of_memory")
        message = after(a_measured_trial(1, 0.40), crashed, policy=a_policy(trials=2))

        assert isinstance(message, JobFinished)
        assert (message.outcome, message.best) == ("exhausted", 1)

    def test_ends_where_edits_always_break_the_script(self) -> None:
        """Twice the budget is the end of it, so that nothing loops for ever."""
        broken = [a_failed_trial(number) for number in (2, 3, 4)]
        message = after(a_measured_trial(1, 0.40), *broken, policy=a_policy(trials=2))

        assert isinstance(message, JobFinished)
        assert (message.outcome, message.best) == ("exhausted", 1)

    def test_leaves_trials_that_still_run_out_of_the_history(self) -> None:
        """A trial without a result is no history."""
        message = after(Trial(trial=2, bundle="b"), a_measured_trial(1, 0.40))

        assert isinstance(message, ThresholdMissed)
        assert [trial.trial for trial in message.history] == [1]


class TestBest:
    def test_is_the_highest(self) -> None:
        """Of measurements on the same kind of data the highest wins."""
        assert best_of(a_measured_trial(1, 0.4), a_measured_trial(2, 0.8), a_measured_trial(3, 0.6)) == 2

    def test_is_the_lowest_of_a_metric_to_minimise(self) -> None:
        """The direction decides what is better."""
        lower = a_measured_trial(2, 0.2, direction="minimize")

        assert best_of(a_measured_trial(1, 0.4, direction="minimize"), lower) == 2

    def test_is_the_earliest_of_equals(self) -> None:
        """The smaller change is worth more."""
        assert best_of(a_failed_trial(1), a_measured_trial(2, 0.8), a_measured_trial(3, 0.8)) == 2

    def test_prefers_held_out_data_to_training_data(self) -> None:
        """0.99 on the data it was trained on says less than 0.7 on others."""
        assert best_of(a_measured_trial(1, 0.99, data="train"), a_measured_trial(2, 0.7, data="validation")) == 2

    def test_is_none_where_nothing_was_measured(self) -> None:
        """A failed trial has nothing to deliver."""
        assert best_of(a_failed_trial(1)) is None


def best_of(*trials: Trial) -> int | None:
    chosen = domain.best(trials)
    return chosen.trial if chosen else None


class TestOtherEndings:
    def test_runs_out_of_ideas(self) -> None:
        """The tweaker's reason comes first, then how far it got."""
        message = next_step.exhausted(a_job(a_measured_trial(1, 0.4)), "No edit is left to try.", NOW)

        assert message.outcome == "exhausted"
        assert message.why.startswith("No edit is left to try. The best result is trial 1")

    def test_is_exhausted_beyond_the_deadline_when_something_was_measured(self) -> None:
        """The best model is delivered all the same."""
        message = next_step.overdue(a_job(a_measured_trial(1, 0.4)), NOW + 13 * 3600)

        assert (message.outcome, message.best) == ("exhausted", 1)
        assert "At that time the job was looking for a tweak." in message.why

    def test_has_failed_beyond_the_deadline_when_nothing_was_measured(self) -> None:
        """Somebody has to look at why."""
        message = next_step.overdue(a_job(), NOW + 13 * 3600)

        assert (message.outcome, message.best) == ("failed", None)
        assert message.why == (
            "The budget of 12 h is spent. At that time the job was waiting for a slot. Nothing was measured."
        )

    def test_is_cancelled_by_somebody(self) -> None:
        """Who did it is said, and how far it got."""
        message = next_step.cancelled(a_job(a_measured_trial(1, 0.4)), "ada", NOW)

        assert (message.outcome, message.best) == ("cancelled", 1)
        assert message.why.startswith("Cancelled by ada. The best result is trial 1")


class TestState:
    @pytest.mark.parametrize(
        ("progress", "words"),
        [
            (Progress(trial=1, run=1), "waiting for a slot"),
            (
                Progress(trial=1, run=1, phase="building", detail="image ann: step 3 of 9"),
                "building image ann: step 3 of 9",
            ),
            (Progress(trial=1, run=1, phase="building", detail="building image cnn"), "building image cnn"),
            (Progress(trial=1, run=1, phase="starting"), "starting trial 1"),
            (Progress(trial=2, run=1, phase="training", epoch=12, epochs=100), "training trial 2, epoch 12 of 100"),
            (Progress(trial=2, run=1, phase="training"), "training trial 2"),
            (Progress(trial=2, run=1, phase="collecting"), "collecting the results of trial 2"),
            (Progress(trial=1, run=1, phase="crashed", until=NOW + 40), "crashed and trying again in 40 s"),
            (Progress(trial=1, run=1, phase="crashed", until=NOW - 1), "crashed and trying again now"),
        ],
    )
    def test_says_what_the_newest_run_does(self, progress: Progress, words: str) -> None:
        """A person reads what is going on."""
        job = a_job().model_copy(update={"progress": progress})

        assert domain.state(job, NOW) == words

    def test_looks_for_a_tweak_between_two_trials(self) -> None:
        """What the last trial did is over."""
        job = a_job(a_measured_trial(1, 0.4)).model_copy(
            update={"progress": Progress(trial=1, run=1, phase="training")}
        )

        assert domain.state(job, NOW) == "looking for a tweak"

    def test_says_what_a_fresh_seed_costs(self) -> None:
        """Before it begins: how many there are, and how long each of them takes."""
        seed = Trial(trial=3, bundle="bundle-2", base=2, purpose="confirm", of=2)
        job = a_job(a_measured_trial(1, 0.4), a_measured_trial(2, 0.95), seed).model_copy(
            update={"progress": Progress(trial=3, run=1)}
        )

        assert domain.state(job, NOW) == "waiting for a slot, fresh seed 1 of 2 for trial 2, about 3.5 s each"

    def test_says_how_it_ended(self) -> None:
        """The value, its data and the threshold are in one line."""
        ending = next_step.won(
            a_job(a_measured_trial(1, 0.983), policy=Policy(confirm=0)), a_measured_trial(1, 0.983), NOW
        )

        assert domain.state(a_job(ending=ending), NOW) == (
            "reached: accuracy 0.983 on test data in trial 1, threshold 0.9"
        )

    def test_says_why_it_failed(self) -> None:
        """Without a measurement the reason is what counts."""
        job = a_job(a_failed_trial(1))
        ending = next_step.follow_up(job, job.trials[0], NOW)

        assert isinstance(ending, JobFinished)
        assert domain.state(a_job(ending=ending), NOW) == (
            "failed: The original code could not be trained: ValueError: no."
        )


class TestProgress:
    def test_does_not_go_back(self) -> None:
        """Messages may come late and out of order."""
        newest = Progress(trial=2, run=2, at=50)

        assert Progress(trial=2, run=2, at=51).follows(newest)
        assert Progress(trial=3, run=1, at=1).follows(newest)
        assert not Progress(trial=2, run=2, at=49).follows(newest)
        assert not Progress(trial=2, run=1, at=99).follows(newest)


class TestJob:
    def test_keeps_what_a_result_does_not_say(self) -> None:
        """A failure told by somebody who knows no tweaks does not lose them."""
        known = Trial(trial=2, bundle="b", tweaks=(SCALE,), base=1)

        job = a_job(known).with_trial(a_failed_trial(2).model_copy(update={"bundle": None}))

        assert job.trials[0].failure
        assert (job.trials[0].bundle, job.trials[0].tweaks, job.trials[0].base) == ("b", (SCALE,), 1)
