"""What the tweaker makes of a missed threshold."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from services.tweaker.bootstrap import assemble
from services.tweaker.handlers import on_threshold_missed, on_threshold_passed
from tests.unit.tweaker import scripts
from tests.unit.tweaker.builders import REST, UNSCALED, a_trial, facts, kept, missed
from trainyard.bundle import unpack
from trainyard.diff.patch import make_patch
from trainyard.messages import CodeReady, Message, ThresholdMissed, ThresholdPassed, TweaksExhausted
from trainyard.policy import Policy
from trainyard.storage import Storage
from trainyard.testing import ORIGIN
from trainyard.trial import Artifact, Measurement, Trial, Warm

MANY = 60


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path))


def only(messages: Sequence[Message]) -> Message:
    """Return the one message there is."""
    assert len(messages) == 1, f"expected one message, got {messages}"
    return messages[0]


def ready(event: ThresholdMissed, storage: Storage) -> CodeReady:
    """Return the request for the next trial."""
    message = only(list(on_threshold_missed(event, storage)))
    assert isinstance(message, CodeReady), f"expected code.ready, got {message}"
    return message


class TestCodeReady:
    def test_asks_for_the_next_trial_from_the_best_one(self, storage: Storage) -> None:
        """Job, seed, policy and origin go on; the base says whose code was edited."""
        bundle = kept(storage, scripts.ADDED)
        event = missed(a_trial(known=facts(UNSCALED), losses=REST, bundle=bundle), policy=Policy(threshold=0.8))

        message = ready(event, storage)

        assert (message.job, message.trial, message.run, message.base) == ("job-1", 2, 1, 1)
        assert (message.seed, message.policy, message.origin) == (event.seed, event.policy, event.origin)

    def test_keeps_the_new_code_under_the_name_it_tells(self, storage: Storage) -> None:
        """The bundle is there when the message is, and differs from the base by the tweaks' diffs."""
        first = a_trial(known=facts(UNSCALED), losses=REST, bundle=kept(storage, scripts.NEIGHBOURS))

        message = ready(missed(first, policy=Policy(tweaks=("scale_inputs",))), storage)

        files = unpack(storage.get_blob(message.bundle))
        assert make_patch({"train.py": scripts.NEIGHBOURS}, files) == message.tweaks[0].diff

    def test_says_what_is_wrong_and_what_is_done(self, storage: Storage) -> None:
        """The reason is a sentence for a person, with the evidence."""
        event = missed(a_trial(known=facts(UNSCALED), losses=REST, bundle=kept(storage, scripts.ADDED)))

        message = ready(event, storage)

        scaled, opened = (tweak.reason for tweak in message.tweaks)
        assert scaled == (
            "The inputs are not scaled: column standard deviations range from 0.3 to 115; inputs are standardized."
        )
        assert opened == (
            "A hidden layer of 3 units is a bottleneck for 2 classes; hidden layers have at least 32 units."
        )

    def test_tells_what_could_not_be_changed_and_why(self, storage: Storage) -> None:
        """A sure finding without a remedy that fits is never silent."""
        policy = Policy(tweaks=("units",))
        event = missed(a_trial(known=facts(UNSCALED), losses=REST, bundle=kept(storage, scripts.ADDED)), policy=policy)

        first, *others = ready(event, storage).diagnosis

        assert (first.name, first.left_alone) == ("unscaled_inputs", "the author's settings do not allow it")
        assert "bottleneck" in [found.name for found in others if not found.left_alone]

    def test_tells_the_diagnosis_that_led_to_it(self, storage: Storage) -> None:
        """What was found wrong in the base travels along, the surest first."""
        event = missed(a_trial(known=facts(UNSCALED), losses=REST, bundle=kept(storage, scripts.ADDED)))

        diagnosis = ready(event, storage).diagnosis

        assert [found.name for found in diagnosis][:2] == ["unscaled_inputs", "bottleneck"]
        assert diagnosis[0].confidence >= diagnosis[1].confidence
        assert diagnosis[0].sentence.startswith("The inputs are not scaled")
        assert len(diagnosis) <= 8

    def test_says_when_to_end_it_early(self, storage: Storage) -> None:
        """The policy's rule travels with the request, unless the author wants none."""
        trial = a_trial(losses=REST, bundle=kept(storage, scripts.ADDED))

        stopped = ready(missed(trial, policy=Policy(early_stop="patience")), storage).early_stop

        assert stopped is not None
        assert (stopped.rule, stopped.curve) == ("patience", "loss")
        assert ready(missed(trial, policy=Policy(early_stop=False)), storage).early_stop is None

    def test_goes_on_from_the_weights_where_only_epochs_change(self, storage: Storage) -> None:
        """More epochs of the same training start where the base's checkpoint is."""
        checkpoint = Artifact(name="last", kind="checkpoint", location="abc")
        trial = a_trial(losses=REST, bundle=kept(storage, scripts.ADDED)).model_copy(
            update={"artifacts": (checkpoint,)}
        )

        warm = ready(missed(trial, policy=Policy(tweaks=("epochs",))), storage).warm

        assert warm == Warm(trial=1, how="continue", location="abc")

    def test_gives_the_same_code_for_the_same_message(self, storage: Storage) -> None:
        """A redelivery asks for the very same trial."""
        event = missed(a_trial(losses=REST, bundle=kept(storage, scripts.ADDED)))

        assert ready(event, storage) == ready(event, storage)

    def test_starts_from_the_best_trial(self, storage: Storage) -> None:
        """A tweak that did harm, or that failed, is not built upon."""
        good = scripts.ADDED.replace(b"EPOCHS = 10", b"EPOCHS = 30")
        bad = scripts.ADDED.replace(b"EPOCHS = 10", b"EPOCHS = 31")
        history = [
            a_trial(1, value=0.6, losses=REST, bundle=kept(storage, scripts.ADDED)),
            a_trial(2, value=0.7, losses=REST, bundle=kept(storage, good), tweaks=["epochs"], base=1),
            a_trial(3, value=0.5, losses=REST, bundle=kept(storage, bad), tweaks=["epochs"], base=1),
            a_trial(4, value=None, bundle=kept(storage, bad + b"\n1 / 0\n"), tweaks=["units"], base=2),
        ]

        message = ready(missed(*history), storage)

        assert (message.trial, message.base) == (5, 2)
        assert b"EPOCHS = 30" in unpack(storage.get_blob(message.bundle))["train.py"]

    def test_uses_only_what_the_author_allows(self, storage: Storage) -> None:
        """`tweaks` in trainyard.toml is a list of the names that may be used."""
        policy = Policy(tweaks=("epochs",))
        event = missed(a_trial(known=facts(UNSCALED), losses=REST, bundle=kept(storage, scripts.ADDED)), policy=policy)

        assert [tweak.name for tweak in ready(event, storage).tweaks] == ["epochs"]


class TestTweaksExhausted:
    def test_never_tries_a_candidate_twice_and_comes_to_an_end(self, storage: Storage) -> None:
        """When nothing helps, every next trial is new code, until it is said that nothing will."""
        history = [a_trial(1, known=facts(UNSCALED), bundle=kept(storage, scripts.NEIGHBOURS))]
        while len(history) < MANY:
            message = only(list(on_threshold_missed(missed(*history), storage)))
            if not isinstance(message, CodeReady):
                break
            history.append(_as_tried(message))

        assert isinstance(message, TweaksExhausted)
        assert message.why.endswith("did not get beyond 50.0%: the data seem to allow no more.")
        assert len({trial.bundle for trial in history}) == len(history) > 5

    def test_says_why_no_tweak_fits(self, storage: Storage) -> None:
        """Code without anything to change ends the job with a plain account."""
        source = b"import numpy as np\nX, y = np.load('x.npy'), np.load('y.npy')\nprint('accuracy', (X == y).mean())\n"
        event = missed(a_trial(bundle=kept(storage, source)))

        message = only(list(on_threshold_missed(event, storage)))

        assert isinstance(message, TweaksExhausted)
        assert message.why.startswith("No known tweak fits this code: ")
        assert "the script does not build a Keras network layer by layer" in message.why

    def test_says_that_there_is_no_such_strategy(self, storage: Storage) -> None:
        """A slip of the pen in trainyard.toml ends the job with what could have been meant."""
        event = missed(a_trial(bundle=kept(storage, scripts.ADDED)), policy=Policy(strategy="hope"))

        message = only(list(on_threshold_missed(event, storage)))

        assert isinstance(message, TweaksExhausted)
        assert message.why.startswith(
            'There is no strategy "hope"; in trainyard.toml, strategy may be one of diagnosis,'
        )

    def test_says_that_nothing_measured(self, storage: Storage) -> None:
        """Without a measurement there is nothing to start from."""
        event = missed(a_trial(value=None, bundle=kept(storage, scripts.ADDED)))

        message = only(list(on_threshold_missed(event, storage)))

        assert message == TweaksExhausted(
            job="job-1", trial=1, why="No trial measured anything, so there is nothing to start from."
        )


class TestThresholdPassed:
    def test_asks_for_the_winner_with_one_tweak_less(self, storage: Storage) -> None:
        """The trial prunes the winner: the author's code with the tweaks that remain, in full length."""
        history = _with_two_tweaks(storage, value=0.95)

        message = only(list(on_threshold_passed(passed(*history), storage)))

        assert isinstance(message, CodeReady), f"expected code.ready, got {message}"
        assert (message.trial, message.base, message.purpose, message.of) == (3, 1, "prune", 2)
        assert (message.early_stop, message.warm) == (None, None)
        assert [tweak.name for tweak in message.tweaks] == ["scale_inputs"]
        files = unpack(storage.get_blob(message.bundle))
        assert make_patch({"train.py": scripts.ADDED}, files) == message.tweaks[0].diff

    def test_gives_the_same_code_for_the_same_message(self, storage: Storage) -> None:
        """A redelivery asks for the very same trial."""
        event = passed(*_with_two_tweaks(storage, value=0.95))

        assert list(on_threshold_passed(event, storage)) == list(on_threshold_passed(event, storage))

    def test_says_that_every_part_is_needed(self, storage: Storage) -> None:
        """When each smaller diff was tried and missed, there is nothing left to leave out."""
        history = _with_two_tweaks(storage, value=0.95)
        for _ in range(2):
            message = only(list(on_threshold_passed(passed(*history), storage)))
            assert isinstance(message, CodeReady), f"expected code.ready, got {message}"
            measured = Measurement(value=0.6, data="test")
            history.append(message.requested_trial().model_copy(update={"measurement": measured}))

        message = only(list(on_threshold_passed(passed(*history), storage)))

        why = "Every part of the diff is needed: none of its 2 tweaks could be left out."
        assert message == TweaksExhausted(job="job-1", trial=4, why=why)


class TestService:
    def test_handles_a_missed_threshold(self, storage: Storage) -> None:
        """The assembled service is bound to its storage."""
        event = missed(a_trial(losses=REST, bundle=kept(storage, scripts.ADDED)))

        service = assemble(storage=storage)

        assert [type(message) for message in service.handlers[ThresholdMissed](event)] == [CodeReady]

    def test_handles_a_passed_threshold(self, storage: Storage) -> None:
        """The other message that it hears is bound too."""
        event = passed(*_with_two_tweaks(storage, value=0.95))

        service = assemble(storage=storage)

        assert [type(message) for message in service.handlers[ThresholdPassed](event)] == [CodeReady]


def passed(*history: Trial) -> ThresholdPassed:
    """Make the message that asks which tweaks of the second trial are needed."""
    return ThresholdPassed(job="job-1", policy=Policy(), origin=ORIGIN, seed=7, history=history, winner=2)


def _with_two_tweaks(storage: Storage, value: float) -> list[Trial]:
    """Return the author's trial and one that measured *value* with two tweaks, neither of which was certain."""
    first = a_trial(known=facts(UNSCALED), losses=REST, bundle=kept(storage, scripts.ADDED))
    asked = ready(missed(first), storage)
    assert len(asked.tweaks) == 2, f"expected two tweaks, got {asked.tweaks}"
    measured = Measurement(value=value, data="test")
    return [first, asked.requested_trial().model_copy(update={"measurement": measured, "diagnosis": ()})]


def _as_tried(message: CodeReady) -> Trial:
    """Make the trial that comes back no better than the first."""
    measured = Measurement(value=0.5, data="test")
    return message.requested_trial().model_copy(update={"measurement": measured, "facts": facts(UNSCALED)})
