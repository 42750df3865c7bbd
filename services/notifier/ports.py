"""What the notifier needs of the outside world."""

from dataclasses import dataclass
from typing import Literal, Protocol

from services.notifier.chart import Chart
from services.notifier.domain import Letter, Mail
from trainyard.errors import PermanentError, TransientError
from trainyard.storage import Storage

Sent = Literal["sent", "failed"]


class PostUnavailableError(TransientError):
    """The mail server did not take a mail for now; check TRAINYARD_NOTIFIER_SMTP_URL and that the server runs."""


class MailRefusedError(PermanentError):
    """The mail server will not take a mail, however often it is tried."""


class InboxUnavailableError(TransientError):
    """The inbox's database did not answer; check TRAINYARD_NOTIFIER_INBOX and that the database runs."""


class Post(Protocol):
    """Sends mail."""

    def send(self, mail: Mail, recipient: str) -> None:
        """Send *mail* to one recipient; return once the server has it.

        Raises:
            PostUnavailableError: It may work later.
            MailRefusedError: It never will; names the recipient and the server's reason.
        """


class Inbox(Protocol):
    """Remembers which mails were sent, since a mail cannot be taken back.

    Both methods raise InboxUnavailableError when the database does not answer.
    """

    def was_sent(self, message_id: str, recipient: str) -> bool:
        """Return whether the mail about this message was sent to the recipient."""

    def remember(self, message_id: str, recipient: str) -> None:
        """Note that it was; noting it twice is fine."""


class Renderer(Protocol):
    """Renders a mail."""

    def text(self, letter: Letter) -> str:
        """Render the letter as plain text."""

    def html(self, letter: Letter) -> str:
        """Render the letter as HTML."""

    def picture(self, chart: Chart) -> bytes:
        """Draw the curves as a PNG."""


class Counts(Protocol):
    """Counts what the operator watches."""

    def mail(self, outcome: Sent) -> None:
        """Count one mail."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What the handler works with; `files_url` is where the evaluator serves jobs and files."""

    post: Post
    inbox: Inbox
    bundles: Storage
    renderer: Renderer
    counts: Counts
    recipients: tuple[str, ...]
    files_url: str
