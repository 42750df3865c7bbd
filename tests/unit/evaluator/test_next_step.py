"""What follows a reached threshold: a smaller diff, a control of inherited weights, fresh seeds, sealed rows."""

import functools
from typing import Any

import pytest

from services.evaluator import next_step
from services.evaluator.domain import Job
from tests.unit.evaluator.builders import JOB, NOW, SCALE, a_failed_trial, a_job, a_measured_trial
from trainyard.messages import CodeReady, JobFinished, Message, ThresholdMissed, ThresholdPassed, TweaksExhausted
from trainyard.policy import Budget, Policy
from trainyard.trial import DataKind, Diagnosis, Sealed, Trial, Tweak, Warm

WIDEN = Tweak(name="units", setting=16, reason="A bottleneck.", diff="- 2\n+ 16\n")
INHERITED = Warm(trial=1, how="inherit", location="jobs/wines/t1/checkpoint.npz")
REPEATABLE = {"random": {"drawn": False}}


def a_trial(number: int, value: float, *, data: DataKind = "test", **more: Any) -> Trial:
    """Make a trial that measured *value*."""
    return a_measured_trial(number, value, data=data).model_copy(update=more)


def two_tweaks(number: int = 2, value: float = 0.95, **more: Any) -> Trial:
    """Make a trial that was changed in two ways."""
    return a_trial(number, value, **{"tweaks": (SCALE, WIDEN), "base": 1, **more})


def fresh(number: int, value: float, of: int = 2, **more: Any) -> Trial:
    """Make a trial of the same code with another seed."""
    return a_trial(number, value, purpose="confirm", of=of, tweaks=(), base=of, **more)


def a_job_of(*trials: Trial, policy: Policy) -> Job:
    """Make a job with these trials."""
    return functools.reduce(Job.with_trial, trials, a_job(policy=policy))


def after(*trials: Trial, seconds: float = 60.0, **settings: Any) -> Message:
    """What the newest of *trials* leads to, under a policy with *settings*."""
    return next_step.follow_up(a_job_of(*trials, policy=Policy(**settings)), trials[-1], NOW + seconds)


def settled(
    *trials: Trial, seconds: float = 60.0, questions: int = 0, objections: tuple[Diagnosis, ...] = (), **settings: Any
) -> Message:
    """What the newest of *trials* leads to once the tweaker has said that nothing more can be left out."""
    asked = after(*trials, seconds=seconds, **settings)
    assert isinstance(asked, ThresholdPassed), f"threshold.passed was expected, not {asked.key}"
    job = a_job_of(*trials, policy=Policy(**settings)).model_copy(update={"questions": questions})
    answer = TweaksExhausted(job=JOB, trial=trials[-1].trial, why="Nothing is left.", objections=objections)
    return next_step.out_of_ideas(job, answer, NOW + seconds)


def finished(message: Message) -> JobFinished:
    """The job's end, which *message* has to be."""
    assert isinstance(message, JobFinished), f"job.finished was expected, not {message.key}"
    return message


def asked(message: Message) -> CodeReady:
    """The request for a trial, which *message* has to be."""
    assert isinstance(message, CodeReady), f"code.ready was expected, not {message.key}"
    return message


class TestReached:
    @pytest.mark.parametrize("trials", [(a_trial(1, 0.95),), (a_trial(1, 0.4), two_tweaks())])
    def test_asks_the_tweaker_what_speaks_against_it_and_what_can_be_left_out(self, trials: tuple[Trial, ...]) -> None:
        """Also of the original code: it may measure what means nothing."""
        message = after(*trials)

        assert isinstance(message, ThresholdPassed)
        assert (message.winner, message.spent, message.history) == (trials[-1].trial, False, trials)

    def test_is_asked_about_when_the_budget_is_spent_too(self) -> None:
        """What speaks against it counts whatever the budget is."""
        message = after(a_trial(1, 0.4), two_tweaks(), budget=Budget(trials=2))

        assert isinstance(message, ThresholdPassed)
        assert message.spent

    def test_with_a_sure_objection_ends_without_a_pass(self) -> None:
        """The best model is delivered, with the reason why it has not passed."""
        objection = Diagnosis(name="one_class_evaluation", sentence="All rows are of one class", confidence=1.0)

        ending = finished(settled(a_trial(1, 1.0), objections=(objection,)))

        assert (ending.outcome, ending.best, ending.assurance) == ("exhausted", 1, None)
        assert ending.why.startswith("Nothing is left. The best result is trial 1")

    def test_no_longer_counts_once_the_search_went_on_from_it(self) -> None:
        """A search trial that is about it mends what the diagnosis objects to."""
        mended = a_trial(2, 0.7, of=1)

        assert isinstance(after(a_trial(1, 0.95), mended), ThresholdMissed)

    def test_on_training_data_is_refused_where_the_author_wants_test_data(self) -> None:
        """No tweak makes a script measure on other data, so no trial is spent."""
        ending = finished(after(a_trial(1, 0.95, data="train"), data="test"))

        assert ending.outcome == "exhausted"
        assert ending.why.startswith("The script measures on TRAINING data")


class TestPruning:
    def test_counts_a_smaller_diff_that_is_as_good_on_two_seeds(self) -> None:
        """It takes the place of the one it is about."""
        pruned = a_trial(3, 0.949, purpose="prune", of=2, tweaks=(SCALE,), base=1)
        both = (a_trial(1, 0.4), two_tweaks(value=0.95), pruned, fresh(4, 0.95), fresh(5, 0.946, of=3))

        message = after(*both)

        assert isinstance(message, ThresholdPassed)
        assert message.winner == 3

    def test_trains_both_with_a_second_seed_first(self) -> None:
        """The whole diff, then the smaller one, with the same seed."""
        pruned = a_trial(3, 0.949, purpose="prune", of=2, tweaks=(SCALE,), base=1)

        whole = asked(after(a_trial(1, 0.4), two_tweaks(), pruned))
        part = asked(after(a_trial(1, 0.4), two_tweaks(), pruned, fresh(4, 0.95)))

        assert [(each.trial, each.purpose, each.of, each.seed) for each in (whole, part)] == [
            (4, "confirm", 2, 8),
            (5, "confirm", 3, 8),
        ]

    def test_needs_no_second_seed_where_nothing_is_random(self) -> None:
        """It would only measure the same again."""
        pruned = a_trial(3, 0.95, purpose="prune", of=2, tweaks=(SCALE,), base=1, facts=REPEATABLE)

        message = after(a_trial(1, 0.4), two_tweaks(facts=REPEATABLE), pruned)

        assert isinstance(message, ThresholdPassed)
        assert message.winner == 3

    @pytest.mark.parametrize(
        "trials",
        [
            (a_trial(3, 0.92, purpose="prune", of=2, tweaks=(SCALE,), base=1),),
            (
                a_trial(3, 0.95, purpose="prune", of=2, tweaks=(SCALE,), base=1),
                fresh(4, 0.95),
                fresh(5, 0.92, of=3),
            ),
        ],
        ids=["on the first seed", "on the second"],
    )
    def test_keeps_the_whole_diff_where_the_smaller_one_is_worse(self, trials: tuple[Trial, ...]) -> None:
        """Also where it reaches the threshold: what is needed is not given away."""
        message = after(a_trial(1, 0.4), two_tweaks(value=0.95), *trials)

        assert isinstance(message, ThresholdPassed)
        assert message.winner == 2

    def test_ends_with_what_passed_when_nothing_is_left_to_leave_out(self) -> None:
        """Out of ideas after a pass means that it has passed."""
        ending = finished(settled(a_trial(1, 0.4), two_tweaks(), fresh(3, 0.95), confirm=1))

        assert (ending.outcome, ending.assurance) == ("passed", "passed")


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

        message = after(a_trial(1, 0.4), a_trial(2, 0.95, warm=INHERITED), control)

        assert isinstance(message, ThresholdPassed)
        assert message.winner == 3

    def test_goes_on_where_the_control_falls_short(self) -> None:
        """Then the inherited weights were what passed."""
        control = a_trial(3, 0.5, purpose="control", of=2)

        assert isinstance(after(a_trial(1, 0.4), a_trial(2, 0.95, warm=INHERITED), control), ThresholdMissed)

    def test_needs_none_where_training_only_went_on(self) -> None:
        """The same epochs in one go are the same training."""
        went_on = a_trial(2, 0.95, warm=INHERITED.model_copy(update={"how": "continue"}))

        assert isinstance(after(a_trial(1, 0.4), went_on), ThresholdPassed)


class TestConfirmation:
    def test_trains_the_winner_with_fresh_seeds(self) -> None:
        """Each seed is a trial of its own that names the one it confirms."""
        message = asked(settled(a_trial(1, 0.4), a_trial(2, 0.95), confirm=2))

        assert (message.trial, message.purpose, message.of, message.seed) == (3, "confirm", 2, 8)
        assert message.bundle == "bundle-2"

    def test_takes_another_seed_each_time(self) -> None:
        """The same seed twice confirms nothing."""
        assert asked(settled(a_trial(1, 0.4), a_trial(2, 0.95), fresh(3, 0.93), confirm=2)).seed == 9

    @pytest.mark.parametrize(("before", "wanted"), [(0.0, 1), (3.5, 2), (7.0, 3), (99.0, 3)])
    def test_trains_as_many_as_do_not_double_the_time_of_the_job(self, before: float, wanted: int) -> None:
        """Three by default, but at least one: the trial took 3.5 s, the one before it so many."""
        trials: list[Trial] = [a_trial(1, 0.4, seconds=before), a_trial(2, 0.95)]

        while isinstance(message := settled(*trials), CodeReady):
            trials.append(fresh(message.trial, 0.95))

        assert len(trials) - 2 == wanted

    def test_trains_none_where_nothing_is_random(self) -> None:
        """Another seed would measure the very same."""
        ending = finished(settled(a_trial(1, 0.4), a_trial(2, 0.95, facts=REPEATABLE)))

        assert (ending.assurance, ending.best) == ("passed", 2)
        assert "Nothing in it depends on a seed." in ending.why

    def test_stops_after_one_where_the_script_sets_its_own_seed(self) -> None:
        """The first fresh seed measured the same, so the others would too."""
        own = {"random": {"drawn": True, "seeded_by_script": True}}
        trials = (a_trial(1, 0.4), a_trial(2, 0.95, facts=own), fresh(3, 0.95, facts=own))

        assert finished(settled(*trials)).assurance == "passed"

    def test_passes_on_the_mean_of_the_fresh_seeds(self) -> None:
        """Not on the value that the search has chosen, since that is high by choice; the median model is delivered."""
        seeds = (fresh(3, 0.89), fresh(4, 0.94), fresh(5, 0.93))

        ending = finished(settled(a_trial(1, 0.4), a_trial(2, 0.99), *seeds, confirm=3))

        assert (ending.outcome, ending.assurance, ending.best) == ("passed", "passed", 5)
        assert ending.evidence is not None
        assert ending.evidence.mean == pytest.approx(0.92)
        assert "Trained again with 3 fresh seeds it measured 0.92 ± 0.026 on average." in ending.why

    @pytest.mark.parametrize(
        "seeds", [(0.899, 0.90, 0.90), (0.5, 0.6), (0.89, 0.99, 0.89)], ids=["mean", "none left", "two of three"]
    )
    def test_goes_on_where_fresh_seeds_fall_short(self, seeds: tuple[float, ...]) -> None:
        """The threshold was reached by luck: the mean and two thirds of the seeds have to reach it."""
        trials = [fresh(number, value) for number, value in enumerate(seeds, 3)]

        assert isinstance(after(a_trial(1, 0.4), a_trial(2, 0.99), *trials, confirm=3), ThresholdMissed)

    def test_goes_on_where_a_seed_does_not_train(self) -> None:
        """What breaks with another seed is nothing to deliver."""
        broken = a_failed_trial(3, reason="crashed").model_copy(update={"purpose": "confirm", "of": 2})

        assert isinstance(after(a_trial(1, 0.4), a_trial(2, 0.95), broken, confirm=1), ThresholdMissed)

    def test_goes_beyond_the_budget_of_trials(self) -> None:
        """They are paid apart."""
        message = settled(a_trial(1, 0.4), a_trial(2, 0.95), confirm=1, budget=Budget(trials=2))

        assert asked(message).purpose == "confirm"

    def test_says_that_the_hours_did_not_suffice(self) -> None:
        """What is not confirmed has not passed."""
        ending = finished(settled(a_trial(1, 0.4), a_trial(2, 0.95), seconds=3601, confirm=2, budget=Budget(hours=1)))

        assert ending.outcome == "exhausted"
        assert ending.why.startswith(
            "Trial 2 reached the threshold, but only 0 of 2 fresh seeds could be tried in time."
        )

    def test_is_asked_for_in_the_same_words_twice(self) -> None:
        """A repeat of the tweaker's answer asks for the very same trial, also when that is known by now."""
        job = a_job_of(a_trial(1, 0.4), two_tweaks(), policy=Policy(confirm=1))
        answer = TweaksExhausted(job=JOB, trial=2, why="Every part is needed.")
        first = asked(next_step.out_of_ideas(job, answer, NOW))

        again = next_step.out_of_ideas(job.with_trial(first.requested_trial()), answer, NOW + 5)

        assert again == first


class TestWords:
    def test_without_any_fresh_seed_it_is_reached_but_no_pass(self) -> None:
        """The author wants none, and gets the word for it."""
        ending = finished(settled(a_trial(1, 0.95), confirm=0))

        assert (ending.outcome, ending.assurance) == ("passed", "reached")
        assert "That is no pass: no fresh seed confirmed it" in ending.why

    def test_on_training_data_it_is_fitted(self) -> None:
        """A success for an author who measures so, with the setting that makes more of it."""
        ending = finished(settled(a_trial(1, 0.95, data="train"), fresh(2, 0.95, of=1, data="train"), confirm=1))

        assert (ending.outcome, ending.assurance) == ("passed", "fitted")
        assert "holdout = 0.2" in ending.why

    def test_on_data_that_nobody_knows_it_is_reached(self) -> None:
        """It may be the training's own."""
        ending = finished(settled(a_trial(1, 0.95, data="unknown"), fresh(2, 0.95, of=1, data="unknown"), confirm=1))

        assert ending.assurance == "reached"

    @pytest.mark.parametrize(
        ("rows", "words"),
        [(36, "36 rows cannot tell 0.94 from 0.78."), (5000, "It was measured on 5000 rows.")],
    )
    def test_say_what_so_few_rows_cannot_tell(self, rows: int, words: str) -> None:
        """The exact binomial bound, for all trials on these rows together."""
        trials = [a_trial(1, 0.4), a_trial(2, 0.97, facts={"measured": {"rows": rows}}), fresh(3, 0.94)]

        assert words in finished(settled(*trials, confirm=1)).why

    def test_call_the_best_of_many_optimistic(self) -> None:
        """What the search looked at it has chosen by."""
        searched = [a_trial(number, 0.5) for number in range(1, 9)]
        best = a_trial(9, 0.97, facts={"measured": {"rows": 36}})

        ending = finished(settled(*searched, best, fresh(10, 0.94, of=9), confirm=1))

        assert (
            "As the best of 9 trials that were compared on these rows it is optimistic, by up to about 0.042"
            in ending.why
        )


class TestSealedRows:
    def test_prove_what_a_bound_on_them_shows(self) -> None:
        """No trial was chosen by them, so their bound is worth what it says."""
        ending = finished(settled(a_trial(1, 0.95), sealed(fresh(2, 0.95, of=1), correct=490), confirm=1))

        assert ending.assurance == "proved"
        assert ending.why.endswith("500 rows that no trial had been measured on prove at 95 % that it is worth 0.9.")

    @pytest.mark.parametrize(("correct", "questions"), [(460, 0), (490, 10)], ids=["too near", "asked too often"])
    def test_leave_it_a_pass_where_they_do_not(self, correct: int, questions: int) -> None:
        """A yes or no is all that they say; after ten jobs they have said too much."""
        trials = (a_trial(1, 0.95), sealed(fresh(2, 0.95, of=1), correct=correct))

        assert finished(settled(*trials, confirm=1, questions=questions)).assurance == "passed"

    def test_are_shown_to_nobody(self) -> None:
        """Neither the tweaker nor a reader of the ending is to choose by them."""
        trials = (sealed(a_trial(1, 0.95), correct=490), sealed(fresh(2, 0.95, of=1), correct=490))
        question, ending = after(*trials, confirm=1), finished(settled(*trials, confirm=1))

        assert isinstance(question, ThresholdPassed)
        assert not any(trial.sealed for trial in (*question.history, *ending.history))


def sealed(trial: Trial, *, correct: int) -> Trial:
    """Return the trial with what 500 sealed rows say of its model."""
    return trial.model_copy(update={"sealed": Sealed(rows=500, correct=correct, digest="d" * 64)})


def test_a_training_that_was_cut_short_has_not_passed() -> None:
    """Its code by itself would have gone on, to who knows what."""
    short = a_trial(2, 0.95, facts={"training": {"stopped_by_probe": True}})

    assert isinstance(after(a_trial(1, 0.4), short), ThresholdMissed)


def test_a_cancelled_job_delivers_what_passed() -> None:
    """Also while its diff is still made smaller."""
    job = a_job_of(a_trial(1, 0.4), two_tweaks(value=0.95), a_trial(3, 0.5, purpose="prune", of=2), policy=Policy())

    assert next_step.cancelled(job, "ada", NOW).best == 2
