"""What follows a pass: a smaller diff, a control of inherited weights, confirmation with further seeds."""

import functools
from typing import Any

from services.evaluator import next_step
from services.evaluator.domain import Job
from tests.unit.evaluator.builders import NOW, SCALE, a_failed_trial, a_job, a_measured_trial
from trainyard.messages import CodeReady, JobFinished, Message, ThresholdMissed, ThresholdPassed
from trainyard.policy import Budget, Policy
from trainyard.trial import Trial, Tweak, Warm

WIDEN = Tweak(name="units", setting=16, reason="A bottleneck.", diff="- 2\n+ 16\n")
INHERITED = Warm(trial=1, how="inherit", location="jobs/wines/t1/checkpoint.npz")


def a_trial(number: int, value: float, **more: Any) -> Trial:
    """Make a trial that measured *value* on test data."""
    return a_measured_trial(number, value).model_copy(update=more)


def two_tweaks(number: int = 2, value: float = 0.95, **more: Any) -> Trial:
    """Make a trial that was changed in two ways."""
    return a_trial(number, value, **{"tweaks": (SCALE, WIDEN), "base": 1, **more})


def a_job_of(*trials: Trial, policy: Policy) -> Job:
    """Make a job with these trials."""
    return functools.reduce(Job.with_trial, trials, a_job(policy=policy))


def after(*trials: Trial, seconds: float = 60.0, **settings: Any) -> Message:
    """What the newest of *trials* leads to, under a policy with *settings*."""
    return next_step.follow_up(a_job_of(*trials, policy=Policy(**settings)), trials[-1], NOW + seconds)


def finished(message: Message) -> JobFinished:
    """The job's end, which *message* has to be."""
    assert isinstance(message, JobFinished), f"job.finished was expected, not {message.key}"
    return message


def asked(message: Message) -> CodeReady:
    """The request for a trial, which *message* has to be."""
    assert isinstance(message, CodeReady), f"code.ready was expected, not {message.key}"
    return message


class TestPruning:
    def test_asks_which_tweaks_are_needed(self) -> None:
        """A pass with two tweaks may hold one that did nothing."""
        message = after(a_trial(1, 0.4), two_tweaks())

        assert isinstance(message, ThresholdPassed)
        assert (message.winner, [trial.trial for trial in message.history]) == (2, [1, 2])

    def test_counts_the_tweaks_of_the_trials_before(self) -> None:
        """One tweak upon another makes a diff with two."""
        upon = a_trial(3, 0.95, tweaks=(WIDEN,), base=2)
        message = after(a_trial(1, 0.4), a_trial(2, 0.7), upon)

        assert isinstance(message, ThresholdPassed)

    def test_leaves_a_single_tweak_alone(self) -> None:
        """There is nothing to leave out."""
        assert finished(after(a_trial(1, 0.4), a_trial(2, 0.95))).best == 2

    def test_delivers_the_smallest_diff_that_passed(self) -> None:
        """A pruned trial that still passes takes the place of the one it is about, whichever measured more."""
        pruned = a_trial(3, 0.91, purpose="prune", of=2, tweaks=(SCALE,), base=1)

        assert finished(after(a_trial(1, 0.4), two_tweaks(value=0.99), pruned)).best == 3

    def test_goes_on_while_something_may_be_left_out(self) -> None:
        """That one tweak is needed does not say that the other is."""
        pruned = a_trial(3, 0.5, purpose="prune", of=2, tweaks=(SCALE,), base=1)
        message = after(a_trial(1, 0.4), two_tweaks(), pruned)

        assert isinstance(message, ThresholdPassed)
        assert message.winner == 2

    def test_ends_with_what_passed_when_the_trials_are_spent(self) -> None:
        """A smaller diff is worth no more than the budget."""
        assert finished(after(a_trial(1, 0.4), two_tweaks(), budget=Budget(trials=2))).outcome == "passed"

    def test_is_left_out_where_the_author_does_not_want_it(self) -> None:
        """The first pass is the end then."""
        assert finished(after(a_trial(1, 0.4), two_tweaks(), prune=False)).best == 2

    def test_ends_the_job_when_the_tweaker_has_nothing_left_to_leave_out(self) -> None:
        """Out of ideas after a pass means that it has passed."""
        job = a_job_of(a_trial(1, 0.4), two_tweaks(), policy=Policy())

        ending = finished(next_step.out_of_ideas(job, "Every part is needed.", 2, NOW))

        assert (ending.outcome, ending.best) == ("passed", 2)


class TestControl:
    def test_trains_what_passed_with_inherited_weights_once_more_without(self) -> None:
        """The patch alone has to come that far."""
        warm = a_trial(2, 0.95, warm=INHERITED)

        message = asked(after(a_trial(1, 0.4), warm))

        assert (message.trial, message.purpose, message.of, message.warm) == (3, "control", 2, None)
        assert (message.bundle, message.tweaks, message.base) == (warm.bundle, warm.tweaks, 1)

    def test_delivers_the_control(self) -> None:
        """Its model is the one that the patch gives."""
        control = a_trial(3, 0.92, purpose="control", of=2)

        assert finished(after(a_trial(1, 0.4), a_trial(2, 0.95, warm=INHERITED), control)).best == 3

    def test_goes_on_where_the_control_falls_short(self) -> None:
        """Then the inherited weights were what passed."""
        control = a_trial(3, 0.5, purpose="control", of=2)

        assert isinstance(after(a_trial(1, 0.4), a_trial(2, 0.95, warm=INHERITED), control), ThresholdMissed)

    def test_needs_none_where_training_only_went_on(self) -> None:
        """The same epochs in one go are the same training."""
        went_on = a_trial(2, 0.95, warm=INHERITED.model_copy(update={"how": "continue"}))

        assert finished(after(a_trial(1, 0.4), went_on)).best == 2


class TestConfirmation:
    def test_trains_the_winner_with_further_seeds(self) -> None:
        """Each seed is a trial of its own that names the one it confirms."""
        message = asked(after(a_trial(1, 0.4), a_trial(2, 0.95), confirm=2))

        assert (message.trial, message.purpose, message.of, message.seed, message.bundle) == (
            3,
            "confirm",
            2,
            8,
            "bundle-2",
        )

    def test_takes_another_seed_each_time(self) -> None:
        """The same seed twice confirms nothing."""
        first = a_trial(3, 0.93, purpose="confirm", of=2, tweaks=())

        assert asked(after(a_trial(1, 0.4), a_trial(2, 0.95), first, confirm=2)).seed == 9

    def test_passes_on_the_mean(self) -> None:
        """One seed below the threshold does not refute two well above."""
        low = a_trial(3, 0.89, purpose="confirm", of=2, tweaks=())

        ending = finished(after(a_trial(1, 0.4), a_trial(2, 0.95), low, confirm=1))

        assert (ending.outcome, ending.best) == ("passed", 2)
        assert ending.why.endswith("With 1 further seed the mean is 0.92.")

    def test_goes_on_where_the_mean_falls_short(self) -> None:
        """The pass was luck."""
        low = a_trial(3, 0.5, purpose="confirm", of=2, tweaks=())

        assert isinstance(after(a_trial(1, 0.4), a_trial(2, 0.95), low, confirm=1), ThresholdMissed)

    def test_goes_on_where_a_seed_does_not_train(self) -> None:
        """What breaks with another seed is nothing to deliver."""
        broken = a_failed_trial(3, reason="crashed").model_copy(update={"purpose": "confirm", "of": 2})

        assert isinstance(after(a_trial(1, 0.4), a_trial(2, 0.95), broken, confirm=1), ThresholdMissed)

    def test_goes_beyond_the_budget_of_trials(self) -> None:
        """The author asked for them by their number."""
        message = after(a_trial(1, 0.4), a_trial(2, 0.95), confirm=1, budget=Budget(trials=2))

        assert asked(message).purpose == "confirm"

    def test_says_that_the_hours_did_not_suffice(self) -> None:
        """What is not confirmed has not passed."""
        ending = finished(after(a_trial(1, 0.4), a_trial(2, 0.95), seconds=3601, confirm=2, budget=Budget(hours=1)))

        assert ending.outcome == "exhausted"
        assert ending.why.startswith(
            "Trial 2 reached the threshold, but only 0 of 2 further seeds could be tried in time."
        )

    def test_comes_after_pruning(self) -> None:
        """What is confirmed is what is delivered."""
        job = a_job_of(a_trial(1, 0.4), two_tweaks(), policy=Policy(confirm=1))

        message = asked(next_step.out_of_ideas(job, "Every part is needed.", 2, NOW))

        assert (message.purpose, message.of, message.trial) == ("confirm", 2, 3)

    def test_is_asked_for_in_the_same_words_twice(self) -> None:
        """A repeat of the tweaker's answer asks for the very same trial, also when that is known by now."""
        job = a_job_of(a_trial(1, 0.4), two_tweaks(), policy=Policy(confirm=1))
        first = asked(next_step.out_of_ideas(job, "Every part is needed.", 2, NOW))

        again = next_step.out_of_ideas(job.with_trial(first.requested_trial()), "Every part is needed.", 2, NOW + 5)

        assert again == first


def test_a_training_that_was_cut_short_has_not_passed() -> None:
    """Its code by itself would have gone on, to who knows what."""
    short = a_trial(2, 0.95, facts={"training": {"stopped_by_probe": True}})

    assert isinstance(after(a_trial(1, 0.4), short), ThresholdMissed)


def test_a_cancelled_job_delivers_what_passed() -> None:
    """Also while its diff is still made smaller."""
    job = a_job_of(a_trial(1, 0.4), two_tweaks(value=0.95), a_trial(3, 0.5, purpose="prune", of=2), policy=Policy())

    assert next_step.cancelled(job, "ada", NOW).best == 2
