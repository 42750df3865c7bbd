"""What every inbox promises, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from services.notifier.adapters.inbox import SqlInbox
from services.notifier.ports import InboxUnavailableError
from tests.contract.databases import database_url, postgres_server
from trainyard.errors import PermanentError

__all__ = ["database_url", "postgres_server"]  # fixtures

MAIL, ADA, BOB = "1f0e", "ada@example.com", "bob@example.com"


@pytest.fixture
def inbox(database_url: str) -> Iterator[SqlInbox]:
    it = SqlInbox(database_url)
    yield it
    it.close()


class TestInbox:
    def test_knows_nothing_at_first(self, inbox: SqlInbox) -> None:
        """Nobody was told anything."""
        assert not inbox.was_sent(MAIL, ADA)

    def test_remembers_each_recipient_of_each_mail(self, inbox: SqlInbox) -> None:
        """And only those."""
        inbox.remember(MAIL, ADA)

        assert inbox.was_sent(MAIL, ADA)
        assert not inbox.was_sent(MAIL, BOB)
        assert not inbox.was_sent("another", ADA)

    def test_may_be_told_twice(self, inbox: SqlInbox) -> None:
        """A repeat is no error."""
        inbox.remember(MAIL, ADA)
        inbox.remember(MAIL, ADA)

        assert inbox.was_sent(MAIL, ADA)

    def test_remembers_across_a_restart(self, inbox: SqlInbox, database_url: str) -> None:
        """What one instance wrote the next one reads."""
        inbox.remember(MAIL, ADA)
        next_one = SqlInbox(database_url)

        told = next_one.was_sent(MAIL, ADA)
        next_one.close()

        assert told

    def test_starts_at_once_with_another(self, database_url: str) -> None:
        """Both find or make the table."""
        with ThreadPoolExecutor(4) as pool:
            inboxes = list(pool.map(SqlInbox, [database_url] * 4))

        for each in inboxes:
            each.close()
        assert len(inboxes) == 4


class TestUnavailable:
    def test_says_where_it_looked_without_the_password(self) -> None:
        """A database that is away is worth another try, and no secret gets into the log."""
        with pytest.raises(InboxUnavailableError) as caught:
            SqlInbox("postgresql+psycopg://trainyard:secret@127.0.0.1:1/trainyard")

        assert "127.0.0.1:1/trainyard" in str(caught.value)
        assert "TRAINYARD_NOTIFIER_INBOX" in str(caught.value)
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize(
        "url", ["nonsense", "oracel://host/db", "postgresql+psycopgg://host/db", "sqlite:////dev/null/x.db"]
    )
    def test_says_which_setting_names_no_database(self, url: str) -> None:
        """With what it may be."""
        with pytest.raises(PermanentError, match=r"TRAINYARD_NOTIFIER_INBOX .*postgresql\+psycopg://user"):
            SqlInbox(url)
