"""Every row of the monitor's decision table."""

import pytest

from services.monitor.domain import (
    Discard,
    Facts,
    Fail,
    Kill,
    KillReason,
    Leave,
    Limits,
    Reason,
    Resume,
    Wait,
    backoff,
    decide,
    next_pass,
)
from tests.unit.monitor.builders import START, a_container
from trainyard.engine.verdict import Ending

LIMITS = Limits(max_runs=3, backoff=5.0, stall=100.0)
END = START + 60
LATER = END + 3600
CRASHED = Facts(ending="crashed", last_output=END)

OVER = [Facts(ended=True), Facts(decided=True)]


class TestCreated:
    def test_is_left_to_the_redelivered_message(self) -> None:
        """A trainer that died between create and start finds it again by itself."""
        assert decide(a_container("created"), Facts(), LATER, LIMITS) == Leave()

    @pytest.mark.parametrize("facts", OVER)
    def test_is_collected_when_nothing_will_start_it(self, facts: Facts) -> None:
        """The trainer starts nothing of a decided trial or an ended job."""
        assert decide(a_container("created"), facts, LATER, LIMITS) == Discard(volume=True)

    def test_keeps_its_volume_for_the_next_run(self) -> None:
        """A superseded run is over, its trial is not."""
        assert decide(a_container("created"), Facts(superseded=True), LATER, LIMITS) == Discard(volume=False)


class TestRunning:
    def test_is_left_alone_while_it_prints(self) -> None:
        """Output or an epoch within the stall time is life."""
        facts = Facts(last_output=START + 900)

        assert decide(a_container("running"), facts, START + 999, LIMITS) == Leave()

    def test_is_ended_when_it_has_stalled(self) -> None:
        """No line and no epoch for the stall time: ended here, resumed by the next look."""
        facts = Facts(last_output=START + 900)

        assert decide(a_container("running"), facts, START + 1000, LIMITS) == Kill("stalled")

    def test_is_ended_at_its_time_limit(self) -> None:
        """Also when it prints all the while."""
        now = START + 3600

        assert decide(a_container("running", hours=1), Facts(last_output=now), now, LIMITS) == Kill("timed_out")
        assert decide(a_container("running", hours=1.1), Facts(last_output=now), now, LIMITS) == Leave()

    @pytest.mark.parametrize(
        ("facts", "why"),
        [(Facts(ended=True), "ended"), (Facts(decided=True), "decided"), (Facts(superseded=True), "superseded")],
    )
    def test_is_ended_when_nobody_wants_its_result(self, facts: Facts, why: KillReason) -> None:
        """A cancelled job, a verdict that stands, a late twin of a run that goes on as the next."""
        assert decide(a_container("running"), facts, START + 1, LIMITS) == Kill(why)


class TestExited:
    @pytest.mark.parametrize("facts", OVER)
    @pytest.mark.parametrize("ending", ["succeeded", "failed", "no_result", "crashed", None])
    def test_is_collected_once_its_trial_is_over(self, facts: Facts, ending: Ending | None) -> None:
        """However it ended."""
        over = Facts(ended=facts.ended, decided=facts.decided, ending=ending)

        assert decide(a_container(), over, LATER, LIMITS) == Discard(volume=True)

    @pytest.mark.parametrize("superseded", [True, False])
    def test_a_success_is_the_trainers(self, *, superseded: bool) -> None:
        """The trainer alone publishes what succeeded, also where the exit code was not 0."""
        facts = Facts(ending="succeeded", superseded=superseded)

        assert decide(a_container(exit_code=1), facts, LATER, LIMITS) == Leave()

    @pytest.mark.parametrize(("ending", "reason"), [("failed", "failed"), ("no_result", "no_result")])
    def test_what_the_author_must_mend_is_told_at_once(self, ending: Ending, reason: Reason) -> None:
        """There is no retry, and no wait, for a script that raised or left no result."""
        assert decide(a_container(exit_code=0), Facts(ending=ending), END, LIMITS) == Fail(reason)

    def test_a_failure_is_told_once(self) -> None:
        """The container of a told failure is kept, quietly, until its trial is decided."""
        assert decide(a_container(), Facts(ending="failed", reported=True), LATER, LIMITS) == Leave()

    def test_a_crash_waits_for_its_backoff(self) -> None:
        """Counted from the container's end, so that no memory is needed."""
        assert decide(a_container(), CRASHED, END + 4.9, LIMITS) == Wait(END + 5, "crashed")

    def test_a_crash_goes_on_as_the_next_run(self) -> None:
        """Once the backoff is over."""
        assert decide(a_container(), CRASHED, END + 5, LIMITS) == Resume("crashed")

    def test_a_later_crash_waits_longer(self) -> None:
        """The backoff doubles with each run."""
        assert decide(a_container(run=2), CRASHED, END + 9, LIMITS) == Wait(END + 10, "crashed")

    def test_the_last_run_is_a_failure(self) -> None:
        """A trial that crashes every time does not do so for ever."""
        assert decide(a_container(run=3), CRASHED, END, LIMITS) == Fail("crashed")

    def test_out_of_memory_is_told_apart(self) -> None:
        """It is resumed as any crash, and named when the runs are used up."""
        assert decide(a_container(out_of_memory=True), CRASHED, LATER, LIMITS) == Resume("out_of_memory")
        assert decide(a_container(run=3, out_of_memory=True), CRASHED, LATER, LIMITS) == Fail("out_of_memory")

    def test_a_child_out_of_memory_is_told_where_the_script_slips_away(self) -> None:
        """Exit code 0 and no result, because what would have measured was ended at the limit."""
        without = a_container(exit_code=0, out_of_memory=True)

        assert decide(without, Facts(ending="no_result"), END, LIMITS) == Fail("out_of_memory")

    def test_a_stall_is_told_from_the_clock(self) -> None:
        """Silence before the end says that it was ended for a stall, also after the monitor's restart."""
        silent = Facts(ending="crashed", last_output=END - 100)

        assert decide(a_container(seconds=60), silent, LATER, LIMITS) == Resume("stalled")
        assert decide(a_container(run=3), silent, LATER, LIMITS) == Fail("stalled")

    def test_a_run_that_took_too_long_is_not_run_again(self) -> None:
        """It would take as long once more."""
        container = a_container(seconds=3600, hours=1)

        assert decide(container, Facts(ending="crashed", last_output=START + 3600), LATER, LIMITS) == Fail("timed_out")

    def test_a_superseded_crash_is_published_again(self) -> None:
        """Whether the next run was confirmed before we ended is not known: again at once, whatever the backoff."""
        facts = Facts(ending="crashed", superseded=True, last_output=END)

        assert decide(a_container(), facts, END, LIMITS) == Resume("crashed", repeat=True)
        assert decide(a_container(run=3), facts, END, LIMITS) == Resume("crashed", repeat=True)


class TestTimes:
    def test_the_backoff_doubles_up_to_ten_minutes(self) -> None:
        """Many runs neither overflow nor wait for days."""
        assert [backoff(run, LIMITS) for run in (1, 2, 3, 4)] == [5, 10, 20, 40]
        assert (backoff(9, LIMITS), backoff(10_000, LIMITS)) == (600, 600)

    def test_the_next_pass_is_when_the_first_wait_is_over(self) -> None:
        """Or after the usual time."""
        waits = [Wait(END + 20, "crashed"), Wait(END + 7, "crashed")]

        assert next_pass(END, 30, waits) == END + 7
        assert next_pass(END, 30, []) == END + 30
