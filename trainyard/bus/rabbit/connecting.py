"""How a connection to the broker is made, and how long the pause is before it is made again."""

import random
from dataclasses import dataclass

from pika import URLParameters


@dataclass(frozen=True, slots=True)
class Limits:
    """The timeouts of a bus, in seconds.

    Attributes:
        heartbeat: A peer that is silent for two of these is considered dead.
        blocked: How long a memory or disk alarm may block a publish before its connection is replaced.
        confirm: How long a publish may wait for its confirm until the watchdog ends the process; more than `blocked`.
        backoff: The longest pause between two attempts to connect.
        drain: How long closing waits for pending acks and publishes.
    """

    heartbeat: int = 20
    blocked: float = 60.0
    confirm: float = 180.0
    backoff: float = 30.0
    drain: float = 5.0


FIRST_BACKOFF = 0.5
DOUBLINGS = 8


def parameters(url: str, name: str, limits: Limits) -> URLParameters:
    """Return the settings of a connection that the broker's pages show as *name*."""
    settings = URLParameters(url)
    settings.heartbeat = limits.heartbeat
    settings.blocked_connection_timeout = limits.blocked
    settings.socket_timeout = settings.stack_timeout = 10.0
    settings.client_properties = {"connection_name": name}
    return settings


def pause(attempts: int, longest: float) -> float:
    """Return the seconds to wait after *attempts* failures in a row: full jitter, so that services do not come at once.

    The cap doubles from half a second up to *longest*.
    """
    cap = min(longest, FIRST_BACKOFF * 2 ** min(attempts, DOUBLINGS))
    return random.uniform(0.0, cap)  # noqa: S311  nothing secret about it
