"""Whom the notifier tells, once and twice, and what it does when it cannot."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.notifier.adapters.inbox import SqlInbox
from services.notifier.adapters.rendering import MailRenderer
from services.notifier.domain import Mail
from services.notifier.handlers import compose, on_job_finished
from services.notifier.ports import MailRefusedError, PostUnavailableError, Sent, Tools
from tests.unit.notifier.builders import a_passed_job, the_authors_bundle, the_tweaked_bundle
from trainyard.storage import Storage

ADA, BOB = "ada@example.com", "bob@example.com"


@dataclass
class Outbox:
    """A post whose mails can be looked at; `refusing` and `away` say for whom it does not work."""

    sent: list[tuple[str, str]] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)
    away: set[str] = field(default_factory=set)

    def send(self, mail: Mail, recipient: str) -> None:
        """Keep id and recipient, or raise."""
        if recipient in self.refusing:
            raise MailRefusedError(f"no such user {recipient}")
        if recipient in self.away:
            raise PostUnavailableError(f"try later with {recipient}")
        self.sent.append((mail.message_id, recipient))


@dataclass
class Tally:
    """Counts, to be read again."""

    outcomes: list[Sent] = field(default_factory=list)

    def mail(self, outcome: Sent) -> None:
        """Keep the outcome."""
        self.outcomes.append(outcome)


@dataclass
class Desk:
    """The handler's tools, those that are looked at by name."""

    outbox: Outbox
    tally: Tally
    tools: Tools


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "storage"))


@pytest.fixture
def desk(tmp_path: Path, storage: Storage) -> Iterator[Desk]:
    outbox, tally, inbox = Outbox(), Tally(), SqlInbox(f"sqlite:///{tmp_path}/inbox.db")
    yield Desk(outbox, tally, Tools(outbox, inbox, storage, MailRenderer(), tally, (ADA,), "http://trainyard.example"))
    inbox.close()


class TestTelling:
    def test_tells_the_default_recipient_where_the_author_names_nobody(self, desk: Desk) -> None:
        """A mail with a fixed id."""
        assert list(on_job_finished(a_passed_job(), desk.tools)) == []

        assert desk.outbox.sent == [("<wines-1a2b@trainyard>", ADA)]
        assert desk.tally.outcomes == ["sent"]

    def test_tells_those_whom_the_author_names(self, desk: Desk) -> None:
        """Instead of the default; one named twice is told once."""
        on_job_finished(a_passed_job(notify=(BOB, "eve@example.com", BOB)), desk.tools)

        assert [to for _, to in desk.outbox.sent] == [BOB, "eve@example.com"]

    def test_tells_nobody_twice(self, desk: Desk) -> None:
        """Messages come at least once; a mail cannot be taken back."""
        on_job_finished(a_passed_job(), desk.tools)
        on_job_finished(a_passed_job(), desk.tools)

        assert len(desk.outbox.sent) == 1

    def test_parks_what_is_for_nobody(self, desk: Desk) -> None:
        """With what to do about it."""
        tools = Tools(desk.outbox, desk.tools.inbox, desk.tools.bundles, desk.tools.renderer, desk.tally, (), "")

        with pytest.raises(MailRefusedError, match="TRAINYARD_NOTIFIER_TO"):
            on_job_finished(a_passed_job(), tools)


class TestTrouble:
    def test_names_a_recipient_who_is_refused_and_tells_the_others(self, desk: Desk) -> None:
        """One wrong address keeps no mail from the rest."""
        desk.outbox.refusing = {ADA}

        with pytest.raises(MailRefusedError, match=f"no such user {ADA}"):
            on_job_finished(a_passed_job(notify=(ADA, BOB)), desk.tools)

        assert [to for _, to in desk.outbox.sent] == [BOB]
        assert desk.tally.outcomes == ["failed", "sent"]

    def test_goes_on_with_those_who_were_not_told(self, desk: Desk) -> None:
        """The next try does not tell the others again."""
        desk.outbox.away = {ADA}
        with pytest.raises(PostUnavailableError, match=f"try later with {ADA}"):
            on_job_finished(a_passed_job(notify=(ADA, BOB)), desk.tools)

        desk.outbox.away = set()
        on_job_finished(a_passed_job(notify=(ADA, BOB)), desk.tools)

        assert [to for _, to in desk.outbox.sent] == [BOB, ADA]

    def test_tries_again_as_long_as_that_may_help_somebody(self, desk: Desk) -> None:
        """A refusal for good does not end the tries for others."""
        desk.outbox.refusing, desk.outbox.away = {ADA}, {BOB}

        with pytest.raises(PostUnavailableError):
            on_job_finished(a_passed_job(notify=(ADA, BOB)), desk.tools)


class TestComposing:
    def test_attaches_the_change(self, desk: Desk, storage: Storage) -> None:
        """From the author's code to the best trial's."""
        bundles = (storage.put_blob(the_authors_bundle()), storage.put_blob(the_tweaked_bundle()))

        mail = compose(a_passed_job(bundles=bundles), desk.tools)

        assert mail.patch
        assert "+from sklearn.preprocessing import StandardScaler" in mail.patch
        assert mail.patch_name == "wines-1a2b.patch"

    def test_goes_without_a_patch_whose_code_is_gone(self, desk: Desk) -> None:
        """What is kept of old jobs is collected; people are told all the same."""
        mail = compose(a_passed_job(), desk.tools)

        assert mail.patch is None
        assert "git apply" not in mail.text + mail.html
