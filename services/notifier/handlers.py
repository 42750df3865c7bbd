"""What the notifier does when a job ends."""

from collections.abc import Iterable, Sequence

import structlog

from services.notifier import domain
from services.notifier.chart import chart
from services.notifier.domain import Mail
from services.notifier.ports import MailRefusedError, PostUnavailableError, Tools
from trainyard.diff.commits import patch_of
from trainyard.errors import PermanentError
from trainyard.messages import JobFinished, Message

MailError = PostUnavailableError | MailRefusedError

log = structlog.get_logger()


def on_job_finished(event: JobFinished, tools: Tools) -> Iterable[Message]:
    """Send each recipient one mail, however often the message comes.

    A failure for one recipient does not keep the mail from the others; a repeat goes only to those who have not had it.

    Raises:
        PostUnavailableError: A mail cannot be sent for now.
        MailRefusedError: A mail can never be sent, or there is no recipient.
    """
    recipients = event.policy.notify or tools.recipients
    if not recipients:
        raise MailRefusedError(
            f"the mail about {event.job} has no recipient: set TRAINYARD_NOTIFIER_TO, or `notify` in trainyard.toml,"
            " then run `trainyard parked replay`"
        )
    waiting = [each for each in dict.fromkeys(recipients) if not tools.inbox.was_sent(event.message_id, each)]
    if not waiting:
        log.info("all mails were sent before")
        return ()
    mail = compose(event, tools)
    _raise_worst([error for each in waiting if (error := _deliver(event, mail, each, tools))])
    return ()


def compose(event: JobFinished, tools: Tools) -> Mail:
    """Write the mail about a job."""
    patch = _patch(event, tools)
    curves = chart(event, domain.title(event))
    letter = domain.letter(event, files_url=tools.files_url, patched=patch is not None, pictured=curves is not None)
    return Mail(
        message_id=domain.message_id(event),
        subject=letter.subject,
        text=tools.renderer.text(letter),
        html=tools.renderer.html(letter),
        picture=tools.renderer.picture(curves) if curves else None,
        patch=patch,
        patch_name=letter.patch or "",
    )


def _raise_worst(errors: Sequence[MailError]) -> None:
    """Raise the errors that another try may cure, else those for good."""
    for kind in (PostUnavailableError, MailRefusedError):
        texts = [str(error) for error in errors if isinstance(error, kind)]
        if texts:
            raise kind("; ".join(texts))


def _deliver(event: JobFinished, mail: Mail, recipient: str, tools: Tools) -> MailError | None:
    """Send the mail to one recipient and remember that; return what went wrong."""
    try:
        tools.post.send(mail, recipient)
    except (PostUnavailableError, MailRefusedError) as error:
        tools.counts.mail("failed")
        log.warning("a mail was not sent", recipient=recipient, error=str(error))
        return error
    tools.counts.mail("sent")
    tools.inbox.remember(event.message_id, recipient)
    log.info("a mail was sent", recipient=recipient, outcome=event.outcome)
    return None


def _patch(event: JobFinished, tools: Tools) -> str | None:
    best = event.best_trial()
    try:
        return patch_of(event.history, best, tools.bundles.get_blob) or None if best else None
    except PermanentError as error:  # the code is gone, or a patch cannot hold the change
        log.warning("the mail goes without its patch", error=str(error))
        return None
