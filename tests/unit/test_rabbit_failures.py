"""Nothing of pika's errors gets past the bus, and each says what helps."""

import inspect

import pytest
from pika import exceptions

from trainyard.bus.rabbit.connecting import Limits, parameters, pause
from trainyard.bus.rabbit.failures import ERRORS, in_our_words
from trainyard.errors import BusUnavailableError, InvalidMessageError, TopologyError, TrainyardError

ALL = [kind for _, kind in inspect.getmembers(exceptions, inspect.isclass) if issubclass(kind, Exception)]


class TestFailures:
    @pytest.mark.parametrize("kind", ALL)
    def test_every_error_of_pika_is_mapped(self, kind: type[Exception]) -> None:
        """A new version of pika with a new error fails here, not in production."""
        assert kind in ERRORS, f"{kind.__name__} is new in pika; add it to ERRORS"

    def test_a_missing_queue_names_the_remedy(self) -> None:
        """As an operator would look for it."""
        error = in_our_words(exceptions.ChannelClosedByBroker(404, "NOT_FOUND - no queue 'q'"), "consuming q")

        assert isinstance(error, TopologyError)
        assert str(error) == "consuming q: the broker says NOT_FOUND - no queue 'q'; run `trainyard topology apply`"

    def test_a_refused_login_names_the_setting(self) -> None:
        """The password is in the URL."""
        error = in_our_words(exceptions.ProbableAuthenticationError("ACCESS_REFUSED"), "the broker is away")

        assert isinstance(error, BusUnavailableError)
        assert "TRAINYARD_BROKER_URL" in str(error)

    def test_a_message_that_the_broker_cannot_take_is_invalid(self) -> None:
        """Trying again would not make it smaller."""
        error = in_our_words(exceptions.ChannelClosedByBroker(406, "PRECONDITION_FAILED - message size"), "publishing")

        assert isinstance(error, InvalidMessageError)

    @pytest.mark.parametrize(
        "error",
        [OSError("no such host"), exceptions.StreamLostError(), exceptions.AMQPConnectionError(OSError("gone"))],
    )
    def test_never_says_nothing(self, error: Exception) -> None:
        """Pika hides causes in arguments, or says nothing at all."""
        ours = in_our_words(error, "the broker is away")

        assert isinstance(ours, TrainyardError)
        assert len(str(ours)) > len("the broker is away: ")


class TestConnecting:
    def test_settings_hold_what_keeps_a_connection_honest(self) -> None:
        """Heartbeat and blocked timeout; both are off or long by default."""
        settings = parameters("amqp://user:secret@broker:5672/%2f", "fetcher publishing", Limits())

        assert 20 <= settings.heartbeat <= 30
        assert settings.blocked_connection_timeout < Limits().confirm

    def test_the_pause_grows_to_its_limit_with_full_jitter(self) -> None:
        """Between nothing and a cap that doubles, so that services do not come back all at once."""
        early = [pause(0, 30.0) for _ in range(200)]
        late = [pause(50, 30.0) for _ in range(200)]

        assert max(early) <= 0.5
        assert 15.0 < max(late) <= 30.0
        assert min(late) < 15.0
