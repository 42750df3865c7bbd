"""The errors of pika as Trainyard's."""

import struct

from pika import exceptions

from trainyard.errors import BusUnavailableError, InvalidMessageError, TopologyError, TrainyardError, UnroutableError

ERRORS: dict[type[Exception], type[TrainyardError]] = {
    exceptions.AMQPError: BusUnavailableError,
    exceptions.AMQPConnectionError: BusUnavailableError,
    exceptions.ConnectionOpenAborted: BusUnavailableError,
    exceptions.StreamLostError: BusUnavailableError,
    exceptions.IncompatibleProtocolError: BusUnavailableError,
    exceptions.AuthenticationError: BusUnavailableError,
    exceptions.ProbableAuthenticationError: BusUnavailableError,
    exceptions.ProbableAccessDeniedError: BusUnavailableError,
    exceptions.NoFreeChannels: BusUnavailableError,
    exceptions.ConnectionWrongStateError: BusUnavailableError,
    exceptions.ConnectionClosed: BusUnavailableError,
    exceptions.ConnectionClosedByBroker: BusUnavailableError,
    exceptions.ConnectionClosedByClient: BusUnavailableError,
    exceptions.ConnectionBlockedTimeout: BusUnavailableError,
    exceptions.AMQPHeartbeatTimeout: BusUnavailableError,
    exceptions.AMQPChannelError: BusUnavailableError,
    exceptions.ChannelWrongStateError: BusUnavailableError,
    exceptions.ChannelClosed: BusUnavailableError,
    exceptions.ChannelClosedByBroker: BusUnavailableError,
    exceptions.ChannelClosedByClient: BusUnavailableError,
    exceptions.DuplicateConsumerTag: BusUnavailableError,
    exceptions.ConsumerCancelled: BusUnavailableError,
    exceptions.UnroutableError: UnroutableError,
    exceptions.NackError: BusUnavailableError,
    exceptions.InvalidChannelNumber: BusUnavailableError,
    exceptions.ProtocolSyntaxError: BusUnavailableError,
    exceptions.UnexpectedFrameError: BusUnavailableError,
    exceptions.ProtocolVersionMismatch: BusUnavailableError,
    exceptions.BodyTooLongError: BusUnavailableError,
    exceptions.InvalidFrameError: BusUnavailableError,
    exceptions.InvalidFieldTypeException: BusUnavailableError,
    exceptions.UnsupportedAMQPFieldException: InvalidMessageError,
    exceptions.MethodNotImplemented: BusUnavailableError,
    exceptions.ChannelError: BusUnavailableError,
    exceptions.ReentrancyError: BusUnavailableError,
    exceptions.ShortStringTooLong: InvalidMessageError,
    exceptions.DuplicateGetOkCallback: BusUnavailableError,
    struct.error: InvalidMessageError,
    TypeError: InvalidMessageError,
    ValueError: InvalidMessageError,
}
"""Every class of `pika.exceptions`, and what encoding a message may raise.

Connecting again is the answer to each BusUnavailableError.
"""

REPLIES: dict[int, type[TrainyardError]] = {403: TopologyError, 404: TopologyError, 406: InvalidMessageError}
"""What the broker's reason for closing a channel means: no right, no such queue or exchange, a message too large."""

APPLY = "run `trainyard topology apply`"


def in_our_words(error: Exception, doing: str) -> TrainyardError:
    """Return *error*, met while *doing*, as one of ours; the remedy is named where there is one."""
    if isinstance(error, exceptions.ChannelClosedByBroker) and error.reply_code in REPLIES:
        kind = REPLIES[error.reply_code]
        remedy = f"; {APPLY}" if kind is TopologyError else ""
        return kind(f"{doing}: the broker says {error.reply_text}{remedy}")
    if isinstance(error, exceptions.UnroutableError):
        return UnroutableError(f"{doing}: no queue takes it; {APPLY}")
    kind = next((ERRORS[base] for base in type(error).__mro__ if base in ERRORS), BusUnavailableError)
    return kind(f"{doing}: {_shown(error)}{_remedy(error)}")


def _shown(error: Exception) -> str:
    """Return an error's text; pika often hides the cause in the arguments, or gives none."""
    return str(error) or (repr(error.args[0]) if error.args else type(error).__name__)


def _remedy(error: Exception) -> str:
    refused = (exceptions.AuthenticationError, exceptions.ProbableAuthenticationError)
    if isinstance(error, refused):
        return f"; check user and password in TRAINYARD_BROKER_URL, or {APPLY}"
    if isinstance(error, exceptions.ProbableAccessDeniedError):
        return f"; check the virtual host in TRAINYARD_BROKER_URL, or {APPLY}"
    return ""
