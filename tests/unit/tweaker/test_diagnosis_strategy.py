"""In which order the diagnosis strategy tries its plans."""

from collections.abc import Sequence
from itertools import islice

import pytest

from services.tweaker.diagnosis.case import Case, Finding
from services.tweaker.search.plan import Plan
from services.tweaker.search.strategies.diagnosis import STRATEGY
from services.tweaker.search.strategies.strategy import Search
from tests.unit.tweaker.builders import a_trial
from trainyard.policy import Policy
from trainyard.trial import Diagnosis, Setting, Trial, Tweak

SETTINGS: dict[str, Setting] = {
    "epochs": 10,
    "learning_rate": 0.01,
    "optimizer": "rmsprop",
    "units": (2, 8),
    "scale_inputs": None,
    "dense_layer": None,
}
NO_CAUSE = Finding("no_cause", "No single cause shows", 0.1, "curves")
NOT_SCALED = Finding("unscaled_inputs", "The inputs are not scaled", 0.95, "data")
BOTTLENECK = Finding("bottleneck", "Two units are few", 0.7, "structure")
IMPROVING = Finding("still_improving", "The loss was still falling", 0.75, "curves")
TOO_HIGH = Finding("learning_rate_too_high", "The loss goes up again", 0.75, "curves")
TOO_LOW = Finding("learning_rate_too_low", "The rate is low", 0.8, "curves")
PLATEAU = Finding("plateau", "The last 3 trials gained nothing", 0.59, "curves")
FIRST = a_trial(1, value=0.5)


def search(*findings: Finding, after: Sequence[Trial] = (), base: Trial = FIRST) -> Search:
    """Return a search from *base* with what was tried after the author's own code."""
    case = Case(value=0.5, settings=SETTINGS)
    return Search([FIRST, *after], base, case, findings, SETTINGS, 1, Policy())


def made(number: int, value: float | None, *edits: tuple[str, Setting], base: int = 1) -> Trial:
    """Return a trial with these edits upon the author's code."""
    tweaks = tuple(Tweak(name=name, setting=setting, deed="so", reason="Why; so.", diff="") for name, setting in edits)
    return a_trial(number, value=value, base=base).model_copy(update={"tweaks": tweaks})


def plans(search: Search, count: int = 99) -> list[Plan]:
    """Return the first plans."""
    return list(islice(STRATEGY.plans(search), count))


def edits_of(plans: Sequence[Plan]) -> list[list[str]]:
    """Return the names of the edits of each plan."""
    return [[step.edit for step in plan] for plan in plans]


class TestFirstPlans:
    def test_mends_independent_sure_findings_together(self) -> None:
        """Two findings that answer different questions cost one trial."""
        assert edits_of(plans(search(NOT_SCALED, BOTTLENECK, NO_CAUSE), 1)) == [["scale_inputs", "units"]]

    @pytest.mark.parametrize(("sure", "edits"), [(0.75, ["units"]), (0.85, ["epochs", "units"]), (0.8, ["units"])])
    def test_mends_the_model_at_the_authors_own_pace(self, sure: float, edits: list[str]) -> None:
        """So the remedy is tried by the cheaper trial; unless the pace is absurd, whatever the model is."""
        too_few = Finding("too_few_steps", "The weights are hardly updated", sure, "structure")

        assert [sorted(names) for names in edits_of(plans(search(too_few, BOTTLENECK, NO_CAUSE), 1))] == [edits]

    def test_does_not_believe_curves_while_the_data_are_wrong(self) -> None:
        """What unscaled inputs do to the loss says nothing about the epochs."""
        assert edits_of(plans(search(NOT_SCALED, IMPROVING, NO_CAUSE), 1)) == [["scale_inputs"]]

    def test_makes_one_edit_for_one_question(self) -> None:
        """A higher and a lower rate are two answers to the same question: the surer one is tried."""
        assert edits_of(plans(search(TOO_LOW, TOO_HIGH, NO_CAUSE), 1)) == [["learning_rate"]]

    def test_mends_bad_data_in_every_later_plan(self) -> None:
        """Nothing else can be judged before the inputs are scaled."""
        later = edits_of(plans(search(NOT_SCALED, NO_CAUSE), 6))[1:]

        assert all("scale_inputs" in names for names in later)

    def test_makes_first_what_brings_its_own_settings(self) -> None:
        """Another optimizer has a rate of its own, so it comes before one is set; scaling comes before all."""
        later = edits_of(plans(search(BOTTLENECK, NOT_SCALED, NO_CAUSE)))

        assert all(names[0] == "scale_inputs" for names in later if "scale_inputs" in names)
        assert all(names[1] == "optimizer" for names in later if {"scale_inputs", "optimizer"} <= set(names))

    def test_gives_the_reason_with_what_is_done(self) -> None:
        """A step says what was found and what is done about it, in one sentence."""
        ((step,),) = plans(search(IMPROVING, NO_CAUSE), 1)

        assert step.tweak("").reason == "The loss was still falling; 30 epochs instead of 10."


class TestAfterFailures:
    def test_prefers_what_has_not_failed_from_here(self) -> None:
        """Each trial with an edit of that name that did no good halves what it is worth."""
        before, after = search(NO_CAUSE), search(NO_CAUSE, after=[made(2, 0.5, ("epochs", 30))])

        assert plans(before, 1)[0][0].edit == "epochs"
        assert plans(after, 1)[0][0].edit != "epochs"

    def test_leaves_out_an_edit_that_crashed(self) -> None:
        """What made the training fail is in no later plan, whatever else is in that."""
        later = plans(search(NOT_SCALED, BOTTLENECK, NO_CAUSE, after=[made(2, None, ("scale_inputs", None))]))

        assert later != []
        assert not any("scale_inputs" in names for names in edits_of(later))

    @pytest.mark.parametrize("value", [None, 0.4])
    def test_tries_edits_singly_that_did_harm_together(self, value: float | None) -> None:
        """One of them may be sound, whether the trial with both failed or did worse."""
        both = made(2, value, ("scale_inputs", None), ("units", 32))

        later = edits_of(plans(search(NOT_SCALED, BOTTLENECK, NO_CAUSE, after=[both]), 2))

        assert sorted(later) == [["scale_inputs"], ["units"]]

    def test_does_not_count_what_only_repeats(self) -> None:
        """A trial that leaves something out, or another seed's, says nothing against an edit."""
        pruned = made(2, 0.4, ("epochs", 30)).model_copy(update={"purpose": "prune", "of": 1})

        assert plans(search(NO_CAUSE, after=[pruned]), 5) == plans(search(NO_CAUSE), 5)


class TestLaterPlans:
    def test_changes_what_the_model_is_on_a_plateau(self) -> None:
        """When three trials brought nothing, capacity and depth go before one more value."""
        tried = [made(number, 0.5, ("epochs", 10 * number)) for number in (2, 3, 4)]

        (first, *_) = edits_of(plans(search(PLATEAU, NO_CAUSE, after=tried)))

        assert first in (["units"], ["dense_layer"])

    def test_mends_what_is_sure_before_the_structure(self) -> None:
        """On a plateau, too, a sure finding that was not mended yet goes first."""
        tried = [made(number, 0.5, ("epochs", 10 * number)) for number in (2, 3, 4)]

        (first, *_) = edits_of(plans(search(TOO_LOW, PLATEAU, NO_CAUSE, after=tried)))

        assert first == ["learning_rate"]

    def test_looks_for_further_values_where_one_was_tried(self) -> None:
        """The diagnosis' own values come first; later ones lie in its space, well apart from those tried."""
        own = {step.setting for plan in plans(search(IMPROVING)) for step in plan if step.edit == "epochs"}
        tried = [made(2, 0.6, ("epochs", 30))]

        later = plans(search(IMPROVING, after=tried))

        values = {step.setting for plan in later for step in plan if step.edit == "epochs"}
        further = [value for value in values - own if isinstance(value, int)]
        assert further != []
        assert all(20 <= value <= 100 and not 25 < value < 36 for value in further)

    def test_does_not_look_for_values_without_end(self) -> None:
        """After six trials of one edit from one base, no further values of it are proposed."""
        own = {step.setting for plan in plans(search(IMPROVING)) for step in plan if step.edit == "epochs"}
        tried = [made(number, 0.6, ("epochs", 20 + 10 * number)) for number in range(2, 8)]

        later = plans(search(IMPROVING, after=tried))

        assert {step.setting for plan in later for step in plan if step.edit == "epochs"} == own

    def test_puts_together_what_helped_alone(self) -> None:
        """Two edits that each were a step forward from the same trial are made upon each other."""
        better, best = made(2, 0.6, ("units", 16)), made(3, 0.7, ("epochs", 30))

        assert edits_of(plans(search(NO_CAUSE, after=[better, best], base=best), 1)) == [["units"]]

    def test_tries_what_no_finding_asks_for_at_last(self) -> None:
        """Edits that no remedy names, such as an installed package's, are ideas too."""
        case = Case(value=0.5, settings={"dropout": 0.0, "neighbours": 3})
        alone = Search([FIRST], FIRST, case, [IMPROVING], case.settings, 1, Policy())

        assert {step.edit for plan in plans(alone) for step in plan} == {"dropout", "neighbours"}


class TestBases:
    def test_starts_from_the_best_then_from_the_next_best(self) -> None:
        """Where the best trial's ideas are spent, the next that was a step forward is gone on from."""
        history = [FIRST, made(2, 0.6, ("epochs", 30)), made(3, 0.7, ("units", 16)), made(4, 0.65, base=3)]

        assert [trial.trial for trial in STRATEGY.bases(history)] == [3, 2, 1]

    def test_does_not_start_from_what_repeats_or_leaves_out(self) -> None:
        """Trials that prune, control or confirm are no bases."""
        again = made(2, 0.9, ("epochs", 30)).model_copy(update={"purpose": "confirm", "of": 1})

        assert [trial.trial for trial in STRATEGY.bases([FIRST, again])] == [1]

    def test_judges_a_trial_by_the_mean_over_its_seeds(self) -> None:
        """What was luck with one seed is no better than it is in the mean."""
        lucky, sound = made(2, 0.9, ("epochs", 30)), made(3, 0.8, ("units", 16))
        again = made(4, 0.5, ("epochs", 30)).model_copy(update={"purpose": "confirm", "of": 2})

        assert STRATEGY.bases([FIRST, lucky, sound, again])[0] is sound

    def test_goes_on_from_what_mended_something_sure(self) -> None:
        """Scaled inputs that show in no value yet are the better base: nothing else can be judged before."""
        found = (Diagnosis(name="unscaled_inputs", sentence="Why", confidence=0.95),)
        scaled = made(2, 0.5, ("scale_inputs", None)).model_copy(update={"diagnosis": found})

        assert [trial.trial for trial in STRATEGY.bases([FIRST, scaled])] == [2, 1]

    @pytest.mark.parametrize(
        ("value", "edit", "confidence"),
        [
            pytest.param(0.4, ("scale_inputs", None), 0.95, id="it did harm"),
            pytest.param(0.5, ("dropout", 0.3), 0.5, id="it was a guess"),
            pytest.param(0.5, ("epochs", 30), 0.95, id="longer training has to show"),
        ],
    )
    def test_stays_where_a_step_brought_nothing(
        self, value: float, edit: tuple[str, Setting], confidence: float
    ) -> None:
        """What is no step forward otherwise is not built upon."""
        found = (Diagnosis(name="some", sentence="Why", confidence=confidence),)
        step = made(2, value, edit).model_copy(update={"diagnosis": found})

        assert [trial.trial for trial in STRATEGY.bases([FIRST, step])] == [1]


class TestStop:
    def test_stops_where_the_data_allow_no_more(self) -> None:
        """A sure finding that this is the ceiling spares the rest of the budget."""
        ceiling = Finding("ceiling", "Rows that are equal have different labels", 0.95, "data")

        assert STRATEGY.stop(search(ceiling, NO_CAUSE)) == ceiling.sentence
        assert not STRATEGY.stop(search(NO_CAUSE))

    def test_goes_on_where_that_is_a_guess(self) -> None:
        """A ceiling that is only likely is no reason to stop."""
        assert not STRATEGY.stop(search(Finding("ceiling", "Perhaps", 0.6, "data"), NO_CAUSE))
