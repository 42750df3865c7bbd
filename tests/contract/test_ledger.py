"""What every ledger promises, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from services.evaluator import next_step
from services.evaluator.adapters.ledger import SqlLedger
from services.evaluator.domain import Job, Progress
from services.evaluator.ports import Decision, LedgerUnavailableError
from tests.contract.databases import database_url, locked_out, new_database, postgres_server
from tests.unit.evaluator.builders import JOB, NOW, SCALE, a_failed_trial, a_job, a_measured_trial, a_policy
from trainyard.errors import PermanentError
from trainyard.messages import JobFinished, Message, ThresholdMissed
from trainyard.policy import Policy
from trainyard.trial import Sealed, Trial

__all__ = ["database_url", "postgres_server"]  # fixtures


@pytest.fixture
def ledger(database_url: str) -> Iterator[SqlLedger]:
    it = SqlLedger(database_url)
    yield it
    it.close()


@pytest.fixture
def second(database_url: str) -> Iterator[SqlLedger]:
    """Another instance of the evaluator on the same database."""
    it = SqlLedger(database_url)
    yield it
    it.close()


def judge(ledger: SqlLedger, result: Trial, job: Job | None = None) -> Decision:
    """Decide on a trial as the handler does."""
    return ledger.decide(job or a_job(), result, lambda known: next_step.follow_up(known, result, NOW + 9), NOW + 9)


T = TypeVar("T")


def cancelled(job: Job) -> JobFinished:
    return next_step.cancelled(job, "ada", NOW + 9)


class TestMeeting:
    def test_knows_a_job_and_its_trial(self, ledger: SqlLedger) -> None:
        """All that the first message says can be read again."""
        trial = Trial(trial=1, bundle="b")

        ledger.record(a_job(), trial)

        assert ledger.find(JOB) == a_job(trial)

    def test_keeps_the_first_of_each(self, ledger: SqlLedger) -> None:
        """A redelivery later on neither moves the deadline nor changes the trial."""
        ledger.record(a_job(), Trial(trial=1, bundle="b"))

        ledger.record(a_job(now=NOW + 500), Trial(trial=1, bundle="other"))

        assert ledger.find(JOB) == a_job(Trial(trial=1, bundle="b"))

    def test_knows_nothing_of_others(self, ledger: SqlLedger) -> None:
        """An unknown job is None."""
        assert ledger.find("nobody") is None

    def test_adds_no_trial_to_a_job_that_has_ended(self, ledger: SqlLedger) -> None:
        """A late code.ready changes nothing."""
        ledger.record(a_job())
        ledger.end(JOB, cancelled, cause="c")

        known = ledger.record(a_job(), Trial(trial=2, bundle="b"))

        assert known.trials == ()
        assert known.ending

    def test_lists_the_latest_first(self, ledger: SqlLedger) -> None:
        """A list has an end."""
        for number in range(4):
            ledger.record(a_job(now=NOW + number).model_copy(update={"job": f"job-{number}"}))

        assert [job.job for job in ledger.recent(3)] == ["job-3", "job-2", "job-1"]


class TestProgress:
    def test_keeps_the_newest(self, ledger: SqlLedger) -> None:
        """What comes late does not count."""
        ledger.record(a_job())

        ledger.progress(JOB, Progress(trial=1, run=2, phase="training", epoch=3, at=20), NOW + 20)
        ledger.progress(JOB, Progress(trial=1, run=1, phase="training", epoch=9, at=10), NOW + 30)

        known = ledger.find(JOB)
        assert known
        assert (known.progress.run, known.progress.epoch, known.updated) == (2, 3, NOW + 20)

    def test_ignores_jobs_that_are_unknown_or_ended(self, ledger: SqlLedger) -> None:
        """Progress is for people; it never makes or changes a job."""
        ledger.record(a_job())
        ledger.end(JOB, cancelled, cause="c")
        before = ledger.find(JOB)

        ledger.progress(JOB, Progress(trial=1, run=9, at=NOW), NOW + 99)
        ledger.progress("nobody", Progress(trial=1, run=1), NOW)

        assert ledger.find(JOB) == before
        assert ledger.find("nobody") is None


class TestDeciding:
    def test_returns_what_the_trial_leads_to(self, ledger: SqlLedger) -> None:
        """The verdict is made with the whole history."""
        first, second = a_measured_trial(1, 0.4), a_measured_trial(2, 0.5)
        judge(ledger, first)

        decision = judge(ledger, second)

        assert decision.judged is not None
        assert isinstance(decision.messages[0], ThresholdMissed)
        assert decision.messages[0].history == (first, second)

    def test_the_first_verdict_stands(self, ledger: SqlLedger) -> None:
        """A second copy, even one that says otherwise, leads to exactly the same messages."""
        first = judge(ledger, a_measured_trial(1, 0.4))
        judge(ledger, a_measured_trial(2, 0.5))

        again = judge(ledger, a_measured_trial(1, 0.99))

        assert again == Decision(first.messages)

    def test_makes_a_job_known_that_was_not(self, ledger: SqlLedger) -> None:
        """Code that could not even be fetched has no code.ready."""
        decision = judge(ledger, a_failed_trial(1))

        known = ledger.find(JOB)
        assert known
        assert known.ending == decision.messages[0]

    def test_ends_the_job_with_its_last_verdict(self, ledger: SqlLedger) -> None:
        """Verdict and ending are one transaction; a redelivery brings the message again."""
        decision = judge(ledger, a_failed_trial(1))

        again = judge(ledger, a_failed_trial(1))

        known = ledger.find(JOB)
        assert known
        assert known.ending == decision.messages[0]
        assert again.messages == decision.messages
        assert ledger.unannounced(NOW + 9) == [known.ending]

    def test_decides_nothing_for_a_job_that_has_ended(self, ledger: SqlLedger) -> None:
        """An accuracy that comes too late leads to nothing."""
        ledger.record(a_job())
        ledger.end(JOB, cancelled, cause="c")

        assert judge(ledger, a_measured_trial(1, 0.95)) == Decision(())

    def test_keeps_tweaks_that_the_result_does_not_tell(self, ledger: SqlLedger) -> None:
        """They are known from code.ready."""
        judge(ledger, a_measured_trial(1, 0.4))
        ledger.record(a_job(), Trial(trial=2, bundle="b", tweaks=(SCALE,), base=1))

        decision = judge(ledger, Trial(trial=2, failure=a_failed_trial().failure))

        assert isinstance(decision.messages[0], ThresholdMissed)
        assert decision.messages[0].history[1].tweaks == (SCALE,)

    def test_changes_nothing_when_judging_raises(self, ledger: SqlLedger) -> None:
        """Everything is one transaction."""

        def broken(_: Job) -> Message:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            ledger.decide(a_job(), a_measured_trial(1, 0.4), broken, NOW)

        assert ledger.find(JOB) is None


class TestEnding:
    def test_ends_once(self, ledger: SqlLedger) -> None:
        """The first ending stands, with what caused it."""
        ledger.record(a_job())
        first = ledger.end(JOB, cancelled, cause="c")

        again = ledger.end(JOB, lambda job: next_step.exhausted(job, "No ideas.", NOW), cause="other")

        assert first
        assert again
        assert (first.new, again.new) == (True, False)
        assert (again.message, again.cause) == (first.message, "c")

    def test_ends_no_unknown_job(self, ledger: SqlLedger) -> None:
        """The caller learns that there is none."""
        assert ledger.end("nobody", cancelled, cause="c") is None

    def test_remembers_which_were_announced(self, ledger: SqlLedger) -> None:
        """An ending is told until it is confirmed, but not before it has had its time."""
        ledger.record(a_job())
        ending = ledger.end(JOB, cancelled, cause="deadline")
        assert ending

        too_early, before = ledger.unannounced(NOW + 8), ledger.unannounced(NOW + 9)
        ledger.announced(JOB)

        assert (too_early, before) == ([], [ending.message])
        assert ledger.unannounced(NOW + 9) == []

    def test_finds_jobs_beyond_their_deadline(self, ledger: SqlLedger) -> None:
        """Ended ones are not among them."""
        for name, hours in (("early", 1.0), ("late", 9.0), ("over", 1.0)):
            ledger.record(a_job(policy=a_policy(hours=hours)).model_copy(update={"job": name}))
        ledger.end("over", cancelled, cause="c")

        assert ledger.overdue(NOW + 3600) == ["early"]

    def test_counts_what_has_not_ended(self, ledger: SqlLedger) -> None:
        """The operator sees how many jobs are under way."""
        for name in ("one", "two", "over"):
            ledger.record(a_job().model_copy(update={"job": name}))
        ledger.end("over", cancelled, cause="c")

        assert ledger.active() == 2


class TestSealedRows:
    def test_count_the_jobs_that_asked_them(self, ledger: SqlLedger) -> None:
        """Each question says something about the rows, whichever job asks it."""
        for job, digest in (("first", "d" * 64), ("second", "d" * 64), ("third", "e" * 64)):
            known = a_job(policy=Policy(confirm=0)).model_copy(update={"job": job})
            judge(ledger, with_sealed(digest), known)
            ledger.end(job, lambda known: next_step.won(known, known.trials[0], NOW), cause="c")

        known = a_job().model_copy(update={"job": "fourth"})
        judge(ledger, with_sealed("d" * 64), known)

        asked = [ledger.find(job) for job in ("first", "second", "third", "fourth")]
        assert [job.questions for job in asked if job] == [1, 1, 0, 2]


def with_sealed(digest: str) -> Trial:
    sealed = Sealed(rows=50, correct=49, digest=digest)
    return a_measured_trial(1, 0.95).model_copy(update={"sealed": sealed})


class TestTwoInstances:
    def test_remembers_across_instances(self, ledger: SqlLedger, second: SqlLedger) -> None:
        """What one wrote the other reads; opening a database again keeps what is in it."""
        ledger.record(a_job())

        assert second.find(JOB) == a_job()

    def test_start_at_once(self, database_url: str) -> None:
        """Both find or make the tables."""
        barrier = threading.Barrier(4)

        def start() -> None:
            barrier.wait()
            SqlLedger(database_url).close()

        at_once(*[start] * 4)

    def test_make_one_verdict_and_one_ending(self, ledger: SqlLedger, second: SqlLedger) -> None:
        """Whatever races, a job ends once and all see the same message."""
        barrier = threading.Barrier(4)

        def by_verdict(it: SqlLedger) -> tuple[bool, tuple[Message, ...]]:
            barrier.wait()
            decision = judge(it, a_failed_trial(1))
            return decision.judged is not None, decision.messages

        def by_cancel(it: SqlLedger) -> tuple[bool, tuple[Message, ...]]:
            barrier.wait()
            ending = it.end(JOB, cancelled, cause="c")
            return (ending.new, (ending.message,)) if ending else (False, ())

        outcomes = at_once(
            lambda: by_verdict(ledger), lambda: by_verdict(second), lambda: by_cancel(ledger), lambda: by_cancel(second)
        )

        known = ledger.find(JOB)
        assert known
        assert sum(new for new, _ in outcomes) == 1
        assert all(message == known.ending for _, messages in outcomes for message in messages)


def at_once(*works: Callable[[], T]) -> list[T]:
    """Do all of *works* at the same time."""
    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(timeout=60) for future in [pool.submit(work) for work in works]]


class TestUnavailable:
    def test_says_where_it_looked_without_the_password(self) -> None:
        """A database that is away is worth another try, and no secret gets into the log."""
        with pytest.raises(LedgerUnavailableError) as caught:
            SqlLedger("postgresql+psycopg://trainyard:secret@127.0.0.1:1/trainyard")

        assert "127.0.0.1:1/trainyard" in str(caught.value)
        assert "TRAINYARD_EVALUATOR_LEDGER" in str(caught.value)
        assert "secret" not in str(caught.value)

    def test_goes_on_when_the_database_is_back(self, postgres_server: str) -> None:
        """Connections that were cut are made again; meanwhile every use says that it is worth another try."""
        url = new_database(postgres_server)
        ledger = SqlLedger(url)
        ledger.record(a_job())

        with locked_out(postgres_server, url), pytest.raises(LedgerUnavailableError):
            ledger.find(JOB)
        known = ledger.find(JOB)
        ledger.close()

        assert known == a_job()

    @pytest.mark.parametrize(
        "url", ["nonsense", "oracel://host/db", "postgresql+psycopgg://host/db", "sqlite:////dev/null/x.db"]
    )
    def test_says_which_setting_names_no_database(self, url: str) -> None:
        """With what it may be."""
        with pytest.raises(PermanentError, match=r"TRAINYARD_EVALUATOR_LEDGER .*postgresql\+psycopg://user"):
            SqlLedger(url)
