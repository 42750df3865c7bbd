"""What is left out of a diff that passed, and in which order."""

from collections.abc import Sequence

import pytest

from services.tweaker.search.candidates import Editor
from services.tweaker.search.plan import Step
from services.tweaker.search.pruning import smaller_diff
from services.tweaker.source.scripts import Files
from tests.unit.tweaker import scripts
from tests.unit.tweaker.builders import a_trial
from trainyard.evidence import as_good
from trainyard.policy import Policy
from trainyard.trial import Diagnosis, Setting, Trial

NAME = "train.py"
POLICY = Policy(threshold=0.9)
SCALE, EPOCHS, UNITS, RATE = ("scale_inputs", None), ("epochs", 30), ("units", 16), ("learning_rate", 0.001)


class Job:
    """A history that grows, with the code of each trial."""

    def __init__(self, source: bytes = scripts.ADDED) -> None:
        self.history: list[Trial] = [a_trial(1, value=0.5)]
        self.codes: dict[int, Files] = {1: {NAME: source}}

    def tried(self, value: float | None, *edits: tuple[str, Setting], base: int = 1) -> None:
        """Add a trial that makes these edits upon that base's code."""
        plan = tuple(Step(name, setting, f"{name} becomes {setting}", "It is wrong") for name, setting in edits)
        made = Editor(self.codes[base], NAME).apply(plan)
        assert made is not None, f"none of {edits} applies"
        self._add(value, base, made.files, {"tweaks": made.tweaks})

    def prune(self, value: float, winner: int) -> list[str]:
        """Make the trial that the pruning asks for; return the edits that it keeps."""
        candidate = smaller_diff(self.history, self.codes, POLICY, winner)
        if candidate is None:
            return []
        self._add(value, 1, candidate.files, {"tweaks": candidate.tweaks, "purpose": "prune", "of": winner})
        return [tweak.name for tweak in candidate.tweaks]

    def confirm(self, trial: int, value: float) -> None:
        """Add a trial of the same code with another seed."""
        self._add(value, trial, self.codes[trial], {"purpose": "confirm", "of": trial})

    def _add(self, value: float | None, base: int, files: Files, more: dict[str, object]) -> None:
        number = len(self.history) + 1
        self.history.append(a_trial(number, value=value, base=base).model_copy(update=more))
        self.codes[number] = files


def pruned(job: Job, winner: int, values: Sequence[float], again: float = 0.95) -> list[list[str]]:
    """Return what each trial keeps, as the evaluator goes on: from the new winner where one is as good.

    What passed, and the whole diff, are trained with a second seed; that value of the former is *again*.
    """
    kept: list[list[str]] = []
    for value in values:
        names = job.prune(value, winner)
        if not names:
            break
        kept.append(names)
        if value >= POLICY.threshold:
            smaller = len(job.history)
            job.confirm(2, 0.95)
            job.confirm(smaller, again)
            winner = smaller if as_good(job.history, job.history[smaller - 1]) else winner
    return kept


class TestStays:
    @pytest.mark.parametrize(
        ("found", "kept"),
        [
            (Diagnosis(name="bottleneck", sentence="It is wrong", confidence=0.7), []),
            (Diagnosis(name="wrong_output_layer", sentence="It is wrong", confidence=0.95), []),
            (Diagnosis(name="unscaled_inputs", sentence="It is wrong", confidence=0.95), ["scale_inputs"]),
        ],
    )
    def test_what_a_single_trial_could_not_refute(self, found: Diagnosis, kept: list[str]) -> None:
        """What strikes on some seeds only may do well once, and a mistake is mended anyway: the rule says so.

        That the diagnosis was certain is no reason: what is certainly so may not matter.
        """
        job = Job()
        job.tried(0.95, SCALE, UNITS)
        job.history[1] = job.history[1].model_copy(update={"diagnosis": (found,)})

        assert job.prune(0.95, winner=2) == kept

    def test_what_has_to_stay_does_so_when_something_else_was_left_out(self) -> None:
        """The smaller winner owes to the same diagnosis."""
        job = Job()
        job.tried(0.95, EPOCHS, UNITS, SCALE)
        *others, scaled = job.history[1].tweaks
        certain = scaled.model_copy(update={"reason": "The loss is for numbers"})
        found = Diagnosis(name="wrong_loss", sentence="The loss is for numbers", confidence=0.75)
        job.history[1] = job.history[1].model_copy(update={"diagnosis": (found,), "tweaks": (*others, certain)})

        kept = pruned(job, winner=2, values=[0.95, 0.95, 0.95])

        assert kept == [["epochs", "scale_inputs"], ["scale_inputs"]]


class TestOrder:
    def test_leaves_out_first_what_gained_least(self) -> None:
        """The history tells what each step on the way brought."""
        job = Job()
        job.tried(0.55, SCALE)
        job.tried(0.85, EPOCHS, base=2)
        job.tried(0.92, UNITS, base=3)

        assert job.prune(0.6, winner=4) == ["epochs", "units"]

    def test_leaves_out_the_least_sure_of_what_was_done_at_once(self) -> None:
        """Of edits that gained something together, the last one was the least sure."""
        job = Job()
        job.tried(0.95, SCALE, UNITS)

        assert job.prune(0.6, winner=2) == ["scale_inputs"]

    def test_believes_what_an_edit_gained_alone(self) -> None:
        """Where one of them was tried by itself too, that says more than its share."""
        job = Job()
        job.tried(0.5, SCALE)
        job.tried(0.95, SCALE, UNITS)

        assert job.prune(0.6, winner=3) == ["units"]

    def test_leaves_out_first_what_did_harm(self) -> None:
        """What was gone on from although it did harm is not to be delivered."""
        job = Job()
        job.tried(0.8, EPOCHS)
        job.tried(0.79, SCALE, base=2)
        job.tried(0.95, UNITS, base=3)

        assert job.prune(0.6, winner=4) == ["epochs", "units"]

    def test_leaves_out_first_what_was_for_another_estimator(self) -> None:
        """Scaling was what the neighbours needed, and nothing to the forest that took their place."""
        job = Job(scripts.NEIGHBOURS)
        job.tried(0.8, SCALE)
        job.tried(0.85, ("swap_estimator", "RandomForestClassifier"), base=2)
        job.tried(0.95, ("leaf", 2), base=3)

        assert job.prune(0.6, winner=4) == ["swap_estimator", "leaf"]


class TestUntilNothingIsLeft:
    def test_goes_on_from_what_passed(self) -> None:
        """Each part that is not needed is gone, and those that are stay."""
        job = Job()
        job.tried(0.95, SCALE, UNITS, EPOCHS)

        kept = pruned(job, 2, [0.95, 0.6, 0.95, 0.6])

        assert kept == [["scale_inputs", "units"], ["scale_inputs"], ["units"]]

    @pytest.mark.parametrize(("first", "again"), [(0.91, 0.95), (0.95, 0.8)], ids=["at once", "with a second seed"])
    def test_gives_no_result_away(self, first: float, again: float) -> None:
        """A smaller diff that passed, but below what the whole one reaches with either seed, counts as missed."""
        job = Job()
        job.tried(0.95, SCALE, UNITS, EPOCHS)

        kept = pruned(job, 2, [first, 0.6, 0.6], again)

        assert kept == [["scale_inputs", "units"], ["scale_inputs", "epochs"], ["units", "epochs"]]

    def test_leaves_nothing_out_of_what_is_not_known_to_be_as_good(self) -> None:
        """A second seed has to show that first."""
        job = Job()
        job.tried(0.95, SCALE, UNITS, EPOCHS)
        job.prune(0.95, winner=2)

        assert job.prune(0.95, winner=3) == []

    def test_does_not_leave_out_again_what_was_needed(self) -> None:
        """What was missed without a part is missed without that and another, too: no trial is spent on it."""
        job = Job()
        job.tried(0.95, SCALE, UNITS, EPOCHS)

        kept = pruned(job, 2, [0.6, 0.95, 0.95])

        assert kept == [["scale_inputs", "units"], ["scale_inputs", "epochs"], ["epochs"]]

    def test_tries_no_code_twice(self) -> None:
        """Where the way to the winner shows that a part is needed, that is not tried again."""
        job = Job()
        job.tried(0.7, SCALE)
        job.tried(0.95, UNITS, base=2)

        assert pruned(job, 3, [0.6, 0.6]) == [["units"]]

    def test_a_single_tweak_is_needed(self) -> None:
        """Without it the code is the author's, which missed."""
        job = Job()
        job.tried(0.95, SCALE)

        assert job.prune(0.9, winner=2) == []


class TestFolding:
    def test_takes_two_turns_of_one_knob_for_one(self) -> None:
        """Units 16, then 64: what is tried is the author's code without either."""
        job = Job()
        job.tried(0.6, UNITS)
        job.tried(0.7, EPOCHS, base=2)
        job.tried(0.95, ("units", 64), base=3)

        assert pruned(job, 4, [0.6, 0.6]) == [["units"], ["epochs"]]

    def test_says_what_the_two_turns_do_together(self) -> None:
        """The deed is told from the author's value, not from the one in between."""
        job = Job()
        job.tried(0.6, EPOCHS)
        job.tried(0.7, UNITS, base=2)
        job.tried(0.95, ("epochs", 90), base=3)

        candidate = smaller_diff(job.history, job.codes, POLICY, 4)

        assert candidate is not None
        assert [tweak.reason for tweak in candidate.tweaks] == ["It is wrong; 90 epochs instead of 10."]

    def test_forgets_what_was_replaced(self) -> None:
        """Of the number of neighbours nothing is left in a forest's code: leaving it out takes no trial."""
        job = Job(scripts.NEIGHBOURS)
        job.tried(0.8, SCALE, ("neighbours", 7))
        job.tried(0.95, ("swap_estimator", "RandomForestClassifier"), base=2)

        assert job.prune(0.6, winner=3) == ["swap_estimator"]

    def test_keeps_two_layers_apart(self) -> None:
        """What was added twice is twice there, so it is two parts."""
        job = Job()
        job.tried(0.6, ("dense_layer", 16))
        job.tried(0.95, ("dense_layer", 16), base=2)

        assert job.prune(0.6, winner=3) == []
        assert job.codes[3][NAME].count(b"Dense(") == scripts.ADDED.count(b"Dense(") + 2


@pytest.mark.parametrize("missing", [1, 2])
def test_does_nothing_where_code_is_gone(missing: int) -> None:
    """Without the author's code, or the winner's, nothing is left out."""
    job = Job()
    job.tried(0.95, SCALE, UNITS)
    del job.codes[missing]

    assert smaller_diff(job.history, job.codes, POLICY, 2) is None
