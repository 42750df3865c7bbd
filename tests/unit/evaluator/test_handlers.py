"""What the evaluator makes of each message, once and twice."""

import threading
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.evaluator.handlers import (
    GRACE_SECONDS,
    deadlines,
    on_cancel,
    on_code_ready,
    on_code_submitted,
    on_training_progressed,
    on_training_started,
    on_trial_ended,
    on_tweaks_exhausted,
)
from services.evaluator.ports import Tools
from tests.unit.evaluator.builders import (
    JOB,
    NOW,
    SCALE,
    a_code_ready,
    a_failure,
    a_policy,
    a_progress,
    an_accuracy,
)
from tests.unit.evaluator.conftest import Clock, Tally
from trainyard import marks
from trainyard.errors import BlobMissingError, InvalidMessageError, StorageUnavailableError
from trainyard.messages import (
    AccuracyMeasured,
    CancelRequested,
    CodeSubmitted,
    JobFinished,
    Message,
    ThresholdMissed,
    TrainingStarted,
    TweaksExhausted,
)
from trainyard.storage import Storage
from trainyard.trial import Artifact

HOUR = 3600.0


def the_only_trial() -> AccuracyMeasured:
    """Return the result of a job that has no further trial, which ends it."""
    return an_accuracy(1, policy=a_policy(trials=1))


Handler = Callable[[Message, Tools], Iterable[Message]]


def only(messages: Iterable[Message]) -> Message:
    """The one message that was published."""
    published = list(messages)
    assert len(published) == 1, f"one message was expected, not {published}"
    return published[0]


def finished(messages: Iterable[Message]) -> JobFinished:
    """The job.finished that was published, and nothing beside it."""
    message = only(messages)
    assert isinstance(message, JobFinished), f"job.finished was expected, not {message.key}"
    return message


class TestCodeReady:
    def test_makes_the_job_known_with_its_deadline(self, tools: Tools, tally: Tally) -> None:
        """The wall-clock budget counts from the first message."""
        assert list(on_code_ready(a_code_ready(policy=a_policy(hours=2)), tools)) == []

        job = tools.ledger.find(JOB)
        assert job
        assert (job.started, job.deadline) == (NOW, NOW + 2 * HOUR)
        assert tally.jobs == 1

    def test_changes_nothing_the_second_time(self, tools: Tools, clock: Clock) -> None:
        """A redelivery does not move the deadline, nor put a training that runs back into the queue."""
        on_code_ready(a_code_ready(), tools)
        on_training_progressed(a_progress(), tools)
        before = tools.ledger.find(JOB)

        clock.seconds += 500
        on_code_ready(a_code_ready(), tools)

        assert tools.ledger.find(JOB) == before

    def test_shows_the_tweaks_of_a_trial_that_runs(self, tools: Tools) -> None:
        """People see what is tried before it ends."""
        on_trial_ended(an_accuracy(1), tools)

        on_code_ready(a_code_ready(2), tools)

        job = tools.ledger.find(JOB)
        assert job
        assert job.trials[1].tweaks == (SCALE,)
        assert [trial.trial for trial in job.history] == [1]

    def test_of_an_ended_job_changes_nothing(self, tools: Tools) -> None:
        """It may come late."""
        on_trial_ended(the_only_trial(), tools)
        before = tools.ledger.find(JOB)

        on_code_ready(a_code_ready(2), tools)

        assert tools.ledger.find(JOB) == before

    def test_published_by_hand_is_left_to_the_trainer(self) -> None:
        """It names no job yet; its URL, which may hold a password, is not logged."""
        with capture_logs() as lines:
            assert list(on_code_submitted(CodeSubmitted(code="https://ada:secret@host/wines.git"))) == []

        assert "secret" not in str(lines)


class TestProgress:
    def test_follows_the_run(self, tools: Tools) -> None:
        """Started, then each epoch."""
        on_code_ready(a_code_ready(), tools)

        on_training_started(TrainingStarted(job=JOB, at=NOW + 1), tools)
        on_training_progressed(a_progress(epoch=12), tools)

        job = tools.ledger.find(JOB)
        assert job
        assert (job.progress.phase, job.progress.epoch) == ("training", 12)

    def test_that_comes_late_is_ignored(self, tools: Tools) -> None:
        """Run 1's last words do not hide run 2."""
        on_code_ready(a_code_ready(run=2), tools)

        on_training_progressed(a_progress(run=1, epoch=40), tools)

        job = tools.ledger.find(JOB)
        assert job
        assert (job.progress.run, job.progress.phase) == (2, "waiting")


class TestTrialEnded:
    def test_asks_for_a_tweak(self, tools: Tools, storage: Storage, tally: Tally) -> None:
        """The trial is decided, the job goes on."""
        message = only(on_trial_ended(an_accuracy(1, 0.4), tools))

        assert isinstance(message, ThresholdMissed)
        assert storage.marked(marks.decided(JOB, 1))
        assert not storage.marked(marks.ended(JOB))
        assert (tally.verdicts, tally.outcomes) == (["missed"], [])

    def test_ends_a_job_whose_trials_are_spent(self, tools: Tools, storage: Storage, tally: Tally) -> None:
        """Nothing more of it may start."""
        on_code_ready(a_code_ready(policy=a_policy(trials=1)), tools)

        message = finished(on_trial_ended(the_only_trial(), tools))

        assert message.outcome == "exhausted"
        assert storage.marked(marks.decided(JOB, 1))
        assert storage.marked(marks.ended(JOB))
        assert (tally.verdicts, tally.outcomes, tally.jobs) == (["missed"], ["exhausted"], 0)

    @pytest.mark.parametrize(("trials", "kept"), [(2, True), (1, False)])
    def test_keeps_a_checkpoint_while_a_further_trial_may_begin_with_it(
        self, tools: Tools, storage: Storage, trials: int, *, kept: bool
    ) -> None:
        """An ended job has none to begin; its checkpoints are large."""
        name = storage.put_blob(b"weights")
        event = an_accuracy(1, policy=a_policy(trials=trials))
        artifact = Artifact(name="checkpoint.npz", kind="checkpoint", location=name, bytes=7)
        result = event.result.model_copy(update={"artifacts": (artifact,)})

        list(on_trial_ended(event.model_copy(update={"result": result}), tools))

        with nullcontext() if kept else pytest.raises(BlobMissingError):
            storage.get_blob(name)

    @pytest.mark.parametrize("value", [0.4, 0.95])
    def test_publishes_the_same_again_for_a_second_copy(
        self, tools: Tools, clock: Clock, tally: Tally, value: float
    ) -> None:
        """What was decided stays, whenever the copy comes, and counts once."""
        first = only(on_trial_ended(an_accuracy(1, value), tools))

        clock.seconds += 100 * HOUR
        second = only(on_trial_ended(an_accuracy(1, value), tools))

        assert second.model_dump_json() == first.model_dump_json()
        assert second.message_id == first.message_id
        assert len(tally.verdicts) == 1
        assert len(tally.outcomes) <= 1

    def test_counts_a_trial_that_its_tweak_broke_as_failed(self, tools: Tools, tally: Tally) -> None:
        """However high the accuracy on its training data is: what the ledger decided is what is counted."""
        only(on_trial_ended(an_accuracy(1, 0.4), tools))

        only(on_trial_ended(an_accuracy(2, 0.97, data="train"), tools))

        assert tally.verdicts == ["missed", "failed"]

    def test_sets_the_marks_again_for_a_second_copy(self, tools: Tools, tmp_path: Path) -> None:
        """A crash between the commit and the marks is made good by the redelivery."""
        on_trial_ended(the_only_trial(), tools)
        fresh = Storage(str(tmp_path / "elsewhere"))
        after_crash = Tools(ledger=tools.ledger, marks=fresh, counts=tools.counts, now=tools.now)

        on_trial_ended(the_only_trial(), after_crash)

        assert fresh.marked(marks.decided(JOB, 1))
        assert fresh.marked(marks.ended(JOB))

    def test_fails_a_job_that_is_not_known_yet(self, tools: Tools, tally: Tally) -> None:
        """Code that could not be fetched has no code.ready, and still ends in a mail."""
        message = finished(on_trial_ended(a_failure(1, run=0), tools))

        assert message.outcome == "failed"
        assert message.history[0].failure
        assert (tally.verdicts, tally.outcomes) == (["failed"], ["failed"])

    def test_that_comes_after_the_end_leads_to_nothing(self, tools: Tools, storage: Storage, tally: Tally) -> None:
        """Its container is no longer needed all the same."""
        on_code_ready(a_code_ready(), tools)
        on_cancel(CancelRequested(job=JOB), tools)

        assert list(on_trial_ended(the_only_trial(), tools)) == []

        assert storage.marked(marks.decided(JOB, 1))
        assert tally.outcomes == ["cancelled"]


class TestTweaksExhausted:
    def test_ends_the_job_with_its_best_trial(self, tools: Tools, storage: Storage) -> None:
        """The tweaker's reason is told."""
        on_trial_ended(an_accuracy(1, 0.4), tools)

        message = finished(on_tweaks_exhausted(TweaksExhausted(job=JOB, trial=1, why="No edit is left."), tools))

        assert (message.outcome, message.best) == ("exhausted", 1)
        assert message.why.startswith("No edit is left.")
        assert storage.marked(marks.ended(JOB))

    def test_publishes_the_same_again_for_a_second_copy(self, tools: Tools, tally: Tally) -> None:
        """A crash before the confirm loses nothing."""
        on_trial_ended(an_accuracy(1, 0.4), tools)
        event = TweaksExhausted(job=JOB, trial=1, why="No edit is left.")

        assert finished(on_tweaks_exhausted(event, tools)) == finished(on_tweaks_exhausted(event, tools))
        assert tally.outcomes == ["exhausted"]


class TestCancel:
    def test_ends_the_job(self, tools: Tools, storage: Storage) -> None:
        """Who wanted it is told."""
        on_code_ready(a_code_ready(), tools)

        message = finished(on_cancel(CancelRequested(job=JOB, by="ada"), tools))

        assert message.outcome == "cancelled"
        assert message.why.startswith("Cancelled by ada.")
        assert storage.marked(marks.ended(JOB))

    def test_of_a_job_that_has_ended_changes_nothing(self, tools: Tools, tally: Tally) -> None:
        """Its outcome stays; no second message goes out."""
        on_trial_ended(the_only_trial(), tools)

        assert list(on_cancel(CancelRequested(job=JOB), tools)) == []

        assert tally.outcomes == ["exhausted"]

    def test_of_an_unknown_job_is_parked_with_its_name(self, tools: Tools) -> None:
        """A typing slip is not silently ignored."""
        with pytest.raises(InvalidMessageError, match="there is no job 'wine-1a2b'"):
            on_cancel(CancelRequested(job="wine-1a2b"), tools)


class TestDeadlines:
    def test_ends_jobs_that_nobody_finishes(self, tools: Tools, clock: Clock, storage: Storage, tally: Tally) -> None:
        """A parked message or a lost host still ends in a mail; the marks come first."""
        on_code_ready(a_code_ready(), tools)
        clock.seconds += 12 * HOUR
        stop = threading.Event()

        source = deadlines(stop, tools, every=0.01)
        message = next(source)
        marked_before_it_went_out = storage.marked(marks.ended(JOB))
        stop.set()
        rest = list(source)

        assert isinstance(message, JobFinished)
        assert message.outcome == "failed"
        assert marked_before_it_went_out
        assert rest == []
        assert (tally.outcomes, tally.jobs) == (["failed"], 0)

    def test_leaves_jobs_alone_that_have_time(self, tools: Tools, clock: Clock) -> None:
        """Up to the last second."""
        on_code_ready(a_code_ready(), tools)
        clock.seconds += 12 * HOUR - 1

        assert looked_once(tools) == []

    def test_announces_again_what_was_not_confirmed(self, tools: Tools, clock: Clock, tally: Tally) -> None:
        """After a crash between the ending's row and the confirm the next start says it; then never again."""
        on_code_ready(a_code_ready(), tools)
        clock.seconds += 12 * HOUR
        first = next(deadlines(threading.Event(), tools, every=0.01))
        clock.seconds += GRACE_SECONDS

        assert looked_once(tools) == [first]
        assert looked_once(tools) == []
        assert tally.outcomes == ["failed"]

    @pytest.mark.parametrize(
        ("handler", "event", "outcome"),
        [(on_trial_ended, the_only_trial(), "exhausted"), (on_cancel, CancelRequested(job=JOB), "cancelled")],
    )
    def test_tell_an_ending_whose_delivery_was_parked(
        self,
        tools: Tools,
        clock: Clock,
        storage: Storage,
        tmp_path: Path,
        handler: Handler,
        event: Message,
        outcome: str,
    ) -> None:
        """The ledger had it, the storage was away for the marks: the job's mail goes out all the same."""
        (tmp_path / "away").touch()
        away = replace(tools, marks=Storage(str(tmp_path / "away")))
        on_code_ready(a_code_ready(policy=a_policy(trials=1)), tools)
        with pytest.raises(StorageUnavailableError):
            handler(event, away)
        clock.seconds += GRACE_SECONDS

        message = finished(looked_once(tools))

        assert message.outcome == outcome
        assert storage.marked(marks.ended(JOB))
        assert looked_once(tools) == []

    def test_say_nothing_of_an_ending_that_has_just_come_about(self, tools: Tools) -> None:
        """Its message goes out with the delivery that led to it."""
        on_trial_ended(the_only_trial(), tools)

        assert looked_once(tools) == []

    def test_say_nothing_of_an_ending_that_went_out(self, tools: Tools, clock: Clock) -> None:
        """The broker has confirmed it."""
        list(on_trial_ended(the_only_trial(), tools))
        clock.seconds += GRACE_SECONDS

        assert looked_once(tools) == []


def looked_once(tools: Tools) -> list[Message]:
    """What the source publishes in one look."""
    return list(deadlines(SetByTheFirstPause(), tools, every=0))


class SetByTheFirstPause(threading.Event):
    """A request to stop that comes as soon as somebody waits for it."""

    def wait(self, timeout: float | None = None) -> bool:
        """Set it, then wait."""
        self.set()
        return super().wait(timeout)
