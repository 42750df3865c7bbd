"""A message travels and arrives as what it was, or says why it cannot be read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainyard.bus.envelope import ATTEMPT, TRACE, VERSION, Envelope, decode, encode
from trainyard.errors import InvalidMessageError
from trainyard.messages import BY_KEY, CodeReady, CodeSubmitted, Message
from trainyard.testing import a_code_ready, a_failure, a_finished_job, a_missed_threshold, an_accuracy

SAMPLES = [a_code_ready(), an_accuracy(), a_failure(), a_missed_threshold(), a_finished_job()]


class TestEncode:
    @pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.key)
    def test_comes_back_as_it_was(self, message: Message) -> None:
        """Whatever a service says, another reads."""
        assert decode(encode(message, app="fetcher")) == message

    def test_carries_what_an_operator_looks_for(self) -> None:
        """Id, type, job, service, version and trace are readable without the body."""
        message = a_code_ready(job="wines")

        envelope = encode(message, app="fetcher", traceparent="00-a-b-01")

        assert (envelope.key, envelope.type, envelope.app_id) == ("code.ready", "code.ready", "fetcher")
        assert (envelope.message_id, envelope.correlation_id) == (message.message_id, "wines")
        assert envelope.headers == {VERSION: 1, TRACE: "00-a-b-01"}

    def test_a_repeat_has_the_same_id(self) -> None:
        """So that whoever must not act twice can tell."""
        first, repeat, other = a_code_ready(run=1), a_code_ready(run=1), a_code_ready(run=2)

        assert first.message_id == repeat.message_id
        assert first.message_id != other.message_id

    def test_two_messages_about_one_run_have_different_ids(self) -> None:
        """The type is part of the identity."""
        assert a_code_ready().message_id != an_accuracy().message_id


class TestDecode:
    def test_the_key_stands_in_for_a_missing_type(self) -> None:
        """Who publishes by hand sets no properties."""
        body = a_code_ready().model_dump_json().encode()

        assert decode(Envelope(key="code.ready", body=body)) == a_code_ready()

    def test_a_hand_published_code_ready_is_a_submission(self) -> None:
        """Without a bundle it names where code is; that is the fetcher's work."""
        message = decode(Envelope(key="code.ready", body=b'{"code": "file:///examples/wines"}'))

        assert isinstance(message, CodeSubmitted)
        assert message.code == "file:///examples/wines"

    def test_a_redelivered_submission_is_the_same_submission(self) -> None:
        """Its id comes from the message, so that the job is the same."""
        envelope = Envelope(key="code.ready", body=b'{"code": "file:///examples/wines"}', message_id="by-hand-1")

        first, again = decode(envelope), decode(envelope)

        assert first == again
        assert first.message_id == again.message_id

    def test_fields_of_a_newer_version_are_ignored(self) -> None:
        """Consumers are tolerant."""
        body = {**json.loads(a_code_ready().model_dump_json()), "colour": "green"}

        assert decode(Envelope(key="code.ready", body=json.dumps(body).encode())) == a_code_ready()

    @pytest.mark.parametrize(
        ("envelope", "words"),
        [
            (Envelope(key="code.ready", body=b"not json"), "the body: Invalid JSON"),
            (Envelope(key="code.ready", body=b"[]"), "the body: Input should be an object"),
            (Envelope(key="code.ready", body=b'{"bundle": "b"}'), "job: Field required; origin: Field required"),
            (Envelope(key="code.ready", body=b'{"code": ""}'), "code: String should have at least 1 character"),
            (Envelope(key="code.eaten", body=b"{}"), "'code.eaten' is not a message type"),
            (Envelope(key="code.ready", body=b"{}", headers={VERSION: 2}), "version 2; this Trainyard reads 1"),
        ],
        ids=["not JSON", "no object", "missing fields", "empty field", "unknown type", "unknown version"],
    )
    def test_what_cannot_be_read_says_why(self, envelope: Envelope, words: str) -> None:
        """The reason is what a person sees in the parking."""
        with pytest.raises(InvalidMessageError) as caught:
            decode(envelope)

        assert words in str(caught.value)

    @given(body=st.binary(), key=st.sampled_from([*BY_KEY, "code.eaten"]))
    def test_no_body_breaks_a_consumer(self, body: bytes, key: str) -> None:
        """Any bytes are a message or an InvalidMessageError."""
        try:
            message = decode(Envelope(key=key, body=body))
        except InvalidMessageError:
            return
        assert isinstance(message, Message)


class TestEnvelope:
    def test_further_headers_leave_the_original_alone(self) -> None:
        """An envelope is a value."""
        envelope = encode(a_code_ready(), app="fetcher")

        further = envelope.with_headers({ATTEMPT: 2})

        assert (envelope.attempt, further.attempt) == (0, 2)
        assert further.headers[VERSION] == CodeReady.version

    def test_an_attempt_that_is_no_number_counts_as_none(self) -> None:
        """A person may set any header."""
        assert Envelope(key="code.ready", body=b"{}", headers={ATTEMPT: "many"}).attempt == 0
