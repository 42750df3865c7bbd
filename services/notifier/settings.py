"""Settings of the notifier, from the environment."""

from trainyard.settings import Settings


class NotifierSettings(Settings):
    """Settings of the notifier.

    Attributes:
        notifier_smtp_url: `smtp://`, `smtps://` or `smtp+starttls://`, with user and password if needed.
        notifier_from: The address mails come from.
        notifier_to: Who gets the mail where the author names nobody; several separated by commas.
        notifier_inbox: SQLAlchemy URL of the inbox, `sqlite:///…` or `postgresql+psycopg://…`.
        notifier_files_url: Where people reach the evaluator's pages; the base of links in mails.
    """

    notifier_smtp_url: str = "smtp://127.0.0.1:1025"
    notifier_from: str = "trainyard@localhost"
    notifier_to: str = "you@localhost"
    notifier_inbox: str = "sqlite:///.trainyard/inbox.db"
    notifier_files_url: str = "http://127.0.0.1:8080"

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses in `notifier_to`."""
        return tuple(filter(None, (each.strip() for each in self.notifier_to.split(","))))
