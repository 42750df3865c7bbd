"""JSON logs that carry the job, and one line for every delivery."""

import logging
import time
from typing import TextIO

import structlog

from trainyard.bus.port import Delivery
from trainyard.middleware.step import Ending, Step
from trainyard.middleware.tracing import trace_id

log = structlog.get_logger()


def configure(level: str, file: TextIO) -> logging.Handler:
    """Send every log line of this process, ours and the libraries', to *file* as one JSON object.

    Returns:
        What handles the libraries' lines.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    renderer = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file),
    )
    handler = logging.StreamHandler(file)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=renderer, foreign_pre_chain=shared))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    return handler


def logging_each(step: Step, *, service: str) -> Step:
    """Wrap *step* so that all it logs carries job, message, type and trace, and its end is one line."""

    def logged(delivery: Delivery) -> Ending:
        envelope = delivery.envelope
        with structlog.contextvars.bound_contextvars(
            service=service,
            job=envelope.correlation_id,
            type=envelope.name,
            message_id=envelope.message_id,
            trace_id=trace_id(envelope),
        ):
            began = time.monotonic()
            outcome = step(delivery)
            write = log.debug if envelope.name == "training.progressed" else log.info
            write("handled", outcome=outcome, seconds=round(time.monotonic() - began, 3))
            return outcome

    return logged
