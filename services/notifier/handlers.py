"""What the notifier does when a job has ended."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from services.notifier import domain
from services.notifier.chart import chart
from services.notifier.domain import Mail
from services.notifier.ports import MailRefusedError, PostUnavailableError, Tools
from trainyard.diff.commits import patch_of
from trainyard.errors import PermanentError
from trainyard.messages import JobFinished, Message

log = structlog.get_logger()


def on_job_finished(event: JobFinished, tools: Tools) -> Iterable[Message]:
    """Tell each recipient once, whatever comes twice.

    One that fails does not keep the mail from the others; a repeat goes only to those who have not had it.

    Raises:
        PostUnavailableError: Somebody could not be told for now.
        MailRefusedError: Somebody can never be told, or there is nobody to tell.
    """
    recipients = event.policy.notify or tools.recipients
    if not recipients:
        raise MailRefusedError(
            f"nobody is to be told about {event.job}: set TRAINYARD_NOTIFIER_TO, or `notify` in trainyard.toml,"
            " then `trainyard parked replay`"
        )
    waiting = [each for each in dict.fromkeys(recipients) if not tools.inbox.told(event.message_id, each)]
    if not waiting:
        log.info("everybody was told already")
        return ()
    mail = compose(event, tools)
    errors = [error for each in waiting if (error := _deliver(event, mail, each, tools))]
    for kind in (PostUnavailableError, MailRefusedError):
        failed = [error for error in errors if isinstance(error, kind)]
        if failed:
            raise kind("; ".join(map(str, failed)))
    return ()


def compose(event: JobFinished, tools: Tools) -> Mail:
    """Write the mail about a job."""
    patch = _patch(event, tools)
    curves = chart(event, domain.title(event))
    letter = domain.letter(event, files_url=tools.files_url, patched=patch is not None, pictured=curves is not None)
    return Mail(
        message_id=domain.message_id(event),
        subject=letter.subject,
        text=tools.look.text(letter),
        html=tools.look.html(letter),
        picture=tools.look.picture(curves) if curves else None,
        patch=patch,
        patch_name=letter.patch or "",
    )


def _deliver(
    event: JobFinished, mail: Mail, recipient: str, tools: Tools
) -> PostUnavailableError | MailRefusedError | None:
    """Send the mail to one recipient and remember it; return what went wrong."""
    try:
        tools.post.send(mail, recipient)
    except (PostUnavailableError, MailRefusedError) as error:
        tools.counts.mail("failed")
        log.warning("a mail was not sent", recipient=recipient, error=str(error))
        return error
    tools.counts.mail("sent")
    tools.inbox.remember(event.message_id, recipient)
    log.info("told", recipient=recipient, outcome=event.outcome)
    return None


def _patch(event: JobFinished, tools: Tools) -> str | None:
    """Return what the best trial changed against the author's code, if anything."""
    best = event.best_trial()
    try:
        return patch_of(event.history, best, tools.bundles.get_blob) or None if best else None
    except PermanentError as error:  # the code is gone, or the change is none that a patch can hold
        log.warning("the mail goes without its patch", error=str(error))
        return None
