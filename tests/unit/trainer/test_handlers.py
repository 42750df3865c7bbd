"""What the trainer makes of `code.ready`."""

from collections.abc import Mapping

import pytest

from services.trainer.handlers import has_room, on_code_ready, on_code_submitted
from services.trainer.ports import Tools
from tests.unit.trainer import scripts
from tests.unit.trainer.twins import MemoryCounts, MemoryEngine, MemoryImages
from trainyard import marks
from trainyard.bundle import pack
from trainyard.errors import BlobMissingError, EngineUnavailableError
from trainyard.messages import CodeReady, CodeSubmitted, TrainingFailed, TrainingProgressed, TrainingStarted
from trainyard.policy import Policy
from trainyard.storage import Storage
from trainyard.testing import a_code_ready

NAME = "trainyard-wines-t1-r1"


def a_request(storage: Storage, files: Mapping[str, str], policy: Policy | None = None) -> CodeReady:
    """Make a request to train these files."""
    bundle = storage.put_blob(pack({path: text.encode() for path, text in files.items()}))
    return a_code_ready(bundle=bundle).model_copy(update={"policy": policy or Policy()})


class TestStart:
    def test_starts_the_run_and_says_so(self, tools: Tools, engine: MemoryEngine, event: CodeReady) -> None:
        """The container gets the bundle, the image of its kind, the entrypoint and where to start it."""
        published = list(on_code_ready(event, tools=tools))

        (spec,) = engine.started
        assert (spec.entrypoint, spec.workdir, spec.image, spec.kind) == (
            "train.py",
            ".",
            "trainyard/sklearn:twin",
            "knn",
        )
        assert spec.files == {"train.py": scripts.KNN.encode()}
        assert spec.message == event
        assert published == [
            TrainingStarted(
                job="wines", trial=1, run=1, image="trainyard/sklearn:twin", container=NAME, host="", at=100.0
            )
        ]

    def test_hands_the_authors_arguments_on(self, storage: Storage, tools: Tools, engine: MemoryEngine) -> None:
        """`args` of trainyard.toml is the script's command line."""
        event = a_request(storage, {"train.py": scripts.KNN}, Policy(args=("--epochs", "5")))

        list(on_code_ready(event, tools=tools))

        assert engine.started[0].args == ("--epochs", "5")

    @pytest.mark.parametrize("mark", [marks.ended("wines"), marks.decided("wines", 1), marks.superseded("wines", 1, 1)])
    def test_starts_nothing_that_is_over(
        self, mark: str, storage: Storage, tools: Tools, engine: MemoryEngine, event: CodeReady
    ) -> None:
        """A late duplicate finds the mark."""
        storage.mark(mark)

        published = list(on_code_ready(event, tools=tools))

        assert (published, engine.started) == ([], [])

    @pytest.mark.parametrize("mark", [marks.decided("wines", 2), marks.superseded("wines", 1, 2), marks.ended("other")])
    def test_starts_what_a_mark_does_not_mean(
        self, mark: str, storage: Storage, tools: Tools, engine: MemoryEngine, event: CodeReady
    ) -> None:
        """Marks of other runs, trials and jobs change nothing."""
        storage.mark(mark)

        list(on_code_ready(event, tools=tools))

        assert len(engine.started) == 1

    def test_needs_its_bundle(self, tools: Tools) -> None:
        """A bundle that storage does not hold is for a person to look at: the message is parked."""
        with pytest.raises(BlobMissingError, match="there is no blob"):
            list(on_code_ready(a_code_ready(), tools=tools))


class TestAgain:
    @pytest.mark.parametrize(("state", "code"), [("running", None), ("exited", 0), ("exited", 137)])
    def test_adopts_what_runs_or_ran(
        self, state: str, code: int | None, tools: Tools, engine: MemoryEngine, event: CodeReady
    ) -> None:
        """A redelivery finds the container, starts no twin, and says again that it was started."""
        engine.put(event, state, code)  # type: ignore[arg-type]

        published = list(on_code_ready(event, tools=tools))

        assert engine.started == []
        assert [type(message) for message in published] == [TrainingStarted]

    def test_starts_one_that_was_only_created(self, tools: Tools, engine: MemoryEngine, event: CodeReady) -> None:
        """A trainer that died between create and start leaves this behind; the redelivery fills and starts it."""
        engine.put(event, "created")

        published = list(on_code_ready(event, tools=tools))

        assert len(engine.started) == 1
        assert [type(message) for message in published] == [TrainingStarted]

    def test_says_the_same_each_time(self, tools: Tools, engine: MemoryEngine, event: CodeReady) -> None:
        """Both messages have one id, so that it is one effect."""
        first = list(on_code_ready(event, tools=tools))
        second = list(on_code_ready(event, tools=tools))

        assert len(engine.started) == 1
        assert [each.message_id for each in first] == [each.message_id for each in second]


class TestBuild:
    def test_is_told_step_by_step_before_the_start(
        self, tools: Tools, images: MemoryImages, counts: MemoryCounts, event: CodeReady
    ) -> None:
        """An image that is not there is built, and each step is a message at once."""
        images.there.clear()

        published = list(on_code_ready(event, tools=tools))

        progressed = [message for message in published if isinstance(message, TrainingProgressed)]
        assert [(each.phase, each.detail) for each in progressed] == [
            ("building", "image sklearn: step 1 of 2"),
            ("building", "image sklearn: step 2 of 2"),
        ]
        assert isinstance(published[-1], TrainingStarted)
        assert counts.builds == [("sklearn", "built")]

    def test_steps_come_while_it_goes_on(self, tools: Tools, images: MemoryImages, event: CodeReady) -> None:
        """The first step is there although the build waits for more."""
        ended: list[bool] = []
        images.there.clear()
        images.during = lambda: ended.append(True)
        images.steps = ("step 1 of 1",)

        progressed = next(on_code_ready(event, tools=tools))

        assert isinstance(progressed, TrainingProgressed)

    def test_that_fails_ends_the_trial(
        self, tools: Tools, images: MemoryImages, engine: MemoryEngine, counts: MemoryCounts, event: CodeReady
    ) -> None:
        """The end of the build's log is in the message, with what to do."""
        images.there.clear()
        images.fails = "the image for sklearn did not build: no space left on device"

        *_, failed = on_code_ready(event, tools=tools)

        assert isinstance(failed, TrainingFailed)
        assert failed.result.failure is not None
        assert failed.result.failure.reason == "image"
        assert "no space left on device" in failed.result.failure.message
        assert "`make images`" in failed.result.failure.remedy
        assert engine.started == []
        assert counts.builds == [("sklearn", "failed")]

    def test_starts_nothing_when_the_job_ended_meanwhile(
        self, storage: Storage, tools: Tools, images: MemoryImages, engine: MemoryEngine, event: CodeReady
    ) -> None:
        """A cancel during the build of an image is seen before the container is made."""
        images.there.clear()
        images.during = lambda: storage.mark(marks.ended("wines"))

        published = list(on_code_ready(event, tools=tools))

        assert engine.started == []
        assert not [message for message in published if isinstance(message, TrainingStarted)]


class TestRefusal:
    def test_carries_what_was_refused_and_why(
        self, storage: Storage, tools: Tools, engine: MemoryEngine, counts: MemoryCounts
    ) -> None:
        """File, line and remedy travel in the trial's failure, with its policy and origin."""
        event = a_request(storage, {"train.py": "from sklearn import svm\nsvm.SVC(.fit([[0]], [0])\n"})

        (failed,) = on_code_ready(event, tools=tools)

        assert isinstance(failed, TrainingFailed)
        assert (failed.job, failed.trial, failed.run) == ("wines", 1, 1)
        assert (failed.policy, failed.origin, failed.result.bundle) == (event.policy, event.origin, event.bundle)
        failure = failed.result.failure
        assert failure is not None
        assert (failure.reason, failure.file, failure.line) == ("syntax", "train.py", 2)
        assert failure.message.startswith("train.py, line 2 is not valid Python 3")
        assert failure.remedy.startswith("Correct train.py, line 2")
        assert engine.started == []
        assert counts.endings == [("unknown", "refused")]

    def test_of_the_engine_ends_the_trial(
        self, tools: Tools, engine: MemoryEngine, counts: MemoryCounts, event: CodeReady
    ) -> None:
        """What the engine will never accept is reported to the author, not parked where only the operator sees it."""
        engine.refuses = "invalid memory limit"

        (failed,) = on_code_ready(event, tools=tools)

        assert isinstance(failed, TrainingFailed)
        failure = failed.result.failure
        assert failure is not None
        assert (failure.reason, failure.message) == (
            "config",
            "the engine refuses to run this training: invalid memory limit",
        )
        assert "resources" in failure.remedy
        assert counts.endings == [("unknown", "refused")]


class TestPassedOn:
    def test_a_hand_published_code_ready_becomes_code_submitted(self) -> None:
        """What has no bundle yet goes to the fetcher as it is."""
        event = CodeSubmitted(code="file:///examples/wines", submission="by-hand")

        assert list(on_code_submitted(event)) == [event]


class TestRoom:
    def test_counts_what_runs(self, tools: Tools, engine: MemoryEngine, counts: MemoryCounts) -> None:
        """Containers that have ended or never ran fill no slot."""
        engine.put(a_code_ready(trial=1), "exited", 0)
        engine.put(a_code_ready(trial=2), "created")
        engine.put(a_code_ready(trial=3))

        assert has_room(tools=tools)
        assert counts.seen_slots == (1, 2)

    def test_is_none_when_all_slots_are_taken(self, tools: Tools, engine: MemoryEngine) -> None:
        """Two slots, two that run."""
        engine.put(a_code_ready(trial=1))
        engine.put(a_code_ready(trial=2))

        assert not has_room(tools=tools)

    def test_is_none_while_the_engine_does_not_answer(self, tools: Tools, engine: MemoryEngine) -> None:
        """What could not be started is not taken."""
        engine.down = True

        assert not has_room(tools=tools)

    def test_engine_away_is_worth_another_try(self, tools: Tools, engine: MemoryEngine, event: CodeReady) -> None:
        """The retry middleware sees a transient error."""
        engine.down = True

        with pytest.raises(EngineUnavailableError):
            list(on_code_ready(event, tools=tools))
