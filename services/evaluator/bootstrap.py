"""The only place where the evaluator's real adapters are made."""

import time
from collections.abc import Callable
from functools import partial

from services.evaluator import handlers, pages
from services.evaluator.adapters.counts import PrometheusCounts
from services.evaluator.adapters.ledger import SqlLedger
from services.evaluator.ports import Ledger, Tools
from services.evaluator.settings import EvaluatorSettings
from trainyard import messages
from trainyard.service import Service
from trainyard.storage import Storage

DEADLINE_CHECK_SECONDS = 5.0


def build(settings: EvaluatorSettings) -> Service:
    """Return the service as configured."""
    return assemble(
        ledger=open_ledger(settings.evaluator_ledger),
        storage=Storage(settings.storage),
        public_url=settings.evaluator_public_url,
    )


def open_ledger(url: str) -> Ledger:
    """Open the ledger at a SQLAlchemy URL; its tables are created where they are missing.

    Raises:
        LedgerUnavailableError: The database does not answer.
    """
    return SqlLedger(url)


def assemble(
    *,
    ledger: Ledger,
    storage: Storage,
    public_url: str = "",
    now: Callable[[], float] = time.time,
    every: float = DEADLINE_CHECK_SECONDS,
) -> Service:
    """Return the service on its ports; it checks the deadlines *every* so many seconds, by the clock *now*."""
    tools = Tools(ledger=ledger, marks=storage, counts=PrometheusCounts(), now=now)
    return Service(
        "evaluator",
        handlers={
            messages.CodeReady: partial(handlers.on_code_ready, tools=tools),
            messages.CodeSubmitted: handlers.on_code_submitted,
            messages.TrainingStarted: partial(handlers.on_training_started, tools=tools),
            messages.TrainingProgressed: partial(handlers.on_training_progressed, tools=tools),
            messages.AccuracyMeasured: partial(handlers.on_trial_ended, tools=tools),
            messages.TrainingFailed: partial(handlers.on_trial_ended, tools=tools),
            messages.TweaksExhausted: partial(handlers.on_tweaks_exhausted, tools=tools),
            messages.CancelRequested: partial(handlers.on_cancel, tools=tools),
        },
        sources=[partial(handlers.deadlines, tools=tools, every=every)],
        pages={"/jobs": pages.jobs_page(ledger, storage, public_url=public_url, now=now)},
    )
