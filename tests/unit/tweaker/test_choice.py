"""In which order plans are tried."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from services.tweaker.domain.choice import key_of, plans
from services.tweaker.domain.diagnosis import NO_CAUSE
from services.tweaker.domain.finding import Case, Finding
from trainyard.messages import Tweak

CASE = Case(
    value=0.5,
    settings={"epochs": 10, "learning_rate": 0.01, "optimizer": "rmsprop", "units": (2, 8), "scale_inputs": None},
)
NOT_SCALED = Finding("not_scaled", "The inputs are not scaled", 0.95, "data")
BOTTLENECK = Finding("bottleneck", "Two units are few", 0.7, "structure")
IMPROVING = Finding("still_improving", "The loss was still falling", 0.75, "curves")
TOO_LOW = Finding("rate_too_low", "The rate is low", 0.8, "curves")


def first(*findings: Finding, count: int = 1, failed: Mapping[str, int] | None = None) -> list[list[str]]:
    """Return the names of the edits of the first plans."""
    chosen = islice(plans(findings, CASE, failed or {}), count)
    return [[step.remedy.edit for step in plan] for plan in chosen]


class TestPlans:
    def test_mends_independent_sure_findings_together(self) -> None:
        """Two findings that answer different questions cost one trial."""
        assert first(NOT_SCALED, BOTTLENECK, NO_CAUSE) == [["scale_inputs", "units"]]

    def test_does_not_believe_curves_while_the_data_are_wrong(self) -> None:
        """What unscaled inputs do to the loss says nothing about the epochs."""
        assert first(NOT_SCALED, IMPROVING, NO_CAUSE) == [["scale_inputs"]]

    def test_makes_one_edit_for_one_question(self) -> None:
        """More epochs and a higher rate are two answers to the same question: the surer one is tried."""
        assert first(TOO_LOW, IMPROVING, NO_CAUSE) == [["learning_rate"]]

    def test_mends_bad_data_in_every_later_plan(self) -> None:
        """Nothing else can be judged before the inputs are scaled."""
        later = first(NOT_SCALED, NO_CAUSE, count=6)[1:]

        assert all("scale_inputs" in names for names in later)

    def test_goes_on_with_one_edit_after_the_other(self) -> None:
        """Without a sure finding every plan is one edit, no two the same kind in a row at first."""
        assert first(NO_CAUSE, count=3) == [["epochs"], ["epochs"], ["optimizer"]]

    def test_prefers_what_has_not_failed_from_here(self) -> None:
        """Each trial with an edit of that name that did no good halves what it is worth."""
        assert first(NO_CAUSE, count=2, failed={"epochs": 1}) == [["optimizer"], ["units"]]

    def test_leaves_out_an_edit_that_crashed(self) -> None:
        """What made the training fail is in no later plan, whatever else is in that."""
        (scaling,) = next(plans([NOT_SCALED, NO_CAUSE], CASE, {}))
        later = list(plans([NOT_SCALED, BOTTLENECK, NO_CAUSE], CASE, {}, [frozenset({scaling.key})]))

        assert later != []
        assert not any(scaling.key in {step.key for step in plan} for plan in later)

    def test_tries_edits_singly_that_crashed_together(self) -> None:
        """One of them may be sound; they are not made together again."""
        both = next(plans([NOT_SCALED, BOTTLENECK, NO_CAUSE], CASE, {}))
        crashed = [frozenset(step.key for step in both)]

        later = list(plans([NOT_SCALED, BOTTLENECK, NO_CAUSE], CASE, {}, crashed))

        assert [[step.remedy.edit for step in plan] for plan in later[:2]] == [["scale_inputs"], ["units"]]
        assert not any(crashed[0] <= {step.key for step in plan} for plan in later)

    def test_knows_an_edit_again_from_its_tweak(self) -> None:
        """The history tells an edit's value in the reason only."""
        ((step,),) = islice(plans([IMPROVING, NO_CAUSE], CASE, {}), 1)

        assert key_of(Tweak(name="epochs", reason=step.reason, diff="")) == step.key

    def test_gives_the_reason_with_what_is_done(self) -> None:
        """A step says what was found and what is done about it, in one sentence."""
        (plan,) = islice(plans([IMPROVING, NO_CAUSE], CASE, {}), 1)

        assert plan[0].reason == "The loss was still falling; it trains for 30 epochs instead of 10."
