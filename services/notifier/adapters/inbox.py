"""The inbox: which mails were sent, in a SQLite file or PostgreSQL."""

from sqlalchemy import Column, Connection, MetaData, String, Table, insert, select

from services.notifier.ports import InboxUnavailableError
from trainyard.database import Database

METADATA = MetaData()

MAILS = Table(
    "notifier_mails",
    METADATA,
    Column("message_id", String(64), primary_key=True),
    Column("recipient", String(320), primary_key=True),
)


class SqlInbox:
    """The inbox on a SQL database, which it may share with others; *url* and errors are those of `Database`."""

    def __init__(self, url: str) -> None:
        self._database = Database(url, METADATA, setting="TRAINYARD_NOTIFIER_INBOX", unavailable=InboxUnavailableError)

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def was_sent(self, message_id: str, recipient: str) -> bool:
        """Return whether the mail about this message was sent to the recipient."""
        return self._database.run(lambda connection: _is_there(connection, message_id, recipient))

    def remember(self, message_id: str, recipient: str) -> None:
        """Note that it was."""

        def work(connection: Connection) -> None:
            if not _is_there(connection, message_id, recipient):
                connection.execute(insert(MAILS).values(message_id=message_id, recipient=recipient))

        self._database.run(work)


def _is_there(connection: Connection, message_id: str, recipient: str) -> bool:
    query = select(MAILS).where(MAILS.c.message_id == message_id, MAILS.c.recipient == recipient)
    return connection.execute(query).first() is not None
