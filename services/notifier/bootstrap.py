"""The only place where the notifier's real adapters are made."""

from functools import partial

from services.notifier import handlers
from services.notifier.adapters.counts import PrometheusCounts
from services.notifier.adapters.inbox import SqlInbox
from services.notifier.adapters.post import SmtpPost
from services.notifier.adapters.rendering import MailRenderer
from services.notifier.ports import Inbox, Post, Tools
from services.notifier.settings import NotifierSettings
from trainyard.messages import JobFinished
from trainyard.service import Service
from trainyard.storage import Storage


def build(settings: NotifierSettings) -> Service:
    """Return the service as configured."""
    return assemble(
        post=SmtpPost(settings.notifier_smtp_url, settings.notifier_from),
        inbox=SqlInbox(settings.notifier_inbox),
        bundles=Storage(settings.storage),
        recipients=settings.recipients,
        files_url=settings.notifier_files_url,
    )


def assemble(*, post: Post, inbox: Inbox, bundles: Storage, recipients: tuple[str, ...], files_url: str) -> Service:
    """Return the service on its ports; *recipients* get the mail where the author names nobody."""
    tools = Tools(
        post=post,
        inbox=inbox,
        bundles=bundles,
        renderer=MailRenderer(),
        counts=PrometheusCounts(),
        recipients=recipients,
        files_url=files_url,
    )
    return Service("notifier", handlers={JobFinished: partial(handlers.on_job_finished, tools=tools)})
