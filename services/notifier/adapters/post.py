"""Mail by SMTP."""

import contextlib
import smtplib
import ssl
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from services.notifier.domain import CURVES, Mail
from services.notifier.ports import MailRefusedError, PostUnavailableError
from trainyard.errors import PermanentError

TIMEOUT_SECONDS = 30.0
PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}
PERMANENT = 500

OUR_NAME = "trainyard"
"""Our name for ourselves; asking the system for one may wait for a name server that does not answer."""


class SmtpPost:
    """Sends mail through one SMTP server.

    Its URL is `smtp://`, `smtps://` (TLS from the start) or `smtp+starttls://`, with user, password and port if needed.

    Raises:
        PermanentError: *url* is none of these.
    """

    def __init__(self, url: str, sender: str) -> None:
        self._url = urlsplit(url)
        self._sender = sender
        if self._url.scheme not in PORTS or not self._url.hostname:
            raise PermanentError(
                f"TRAINYARD_NOTIFIER_SMTP_URL begins with {self._url.scheme!r}; it must be one of"
                f" {', '.join(f'{scheme}://host' for scheme in PORTS)}"
            )
        self._port = self._url.port or PORTS[self._url.scheme]
        self._where = f"{self._url.hostname}:{self._port}"

    def send(self, mail: Mail, recipient: str) -> None:
        """Send *mail* to one recipient."""
        message = as_message(mail, self._sender, recipient)
        try:
            self._hand_over(message, recipient)
        except smtplib.SMTPRecipientsRefused as error:
            code, words = error.recipients[recipient]
            raise self._judged(code, words, recipient) from error
        except smtplib.SMTPResponseException as error:
            raise self._judged(error.smtp_code, error.smtp_error, recipient) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailRefusedError(f"the mail server {self._where} does not support what is needed: {error}") from error
        except OSError as error:  # also smtplib's other errors, such as a connection that was closed
            raise PostUnavailableError(
                f"the mail server {self._where} did not take the mail to {recipient}: {error};"
                " check TRAINYARD_NOTIFIER_SMTP_URL and that the server runs"
            ) from error

    def _hand_over(self, message: EmailMessage, recipient: str) -> None:
        """Hand the mail to the server; an error at closing is ignored, or the mail would be sent again."""
        server = self._connected()
        try:
            server.send_message(message, to_addrs=[recipient])
            with contextlib.suppress(OSError):  # smtplib's own errors are of that kind
                server.quit()
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        host, port, safe = self._url.hostname or "", self._port, ssl.create_default_context()
        server: smtplib.SMTP
        if self._url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port, OUR_NAME, timeout=TIMEOUT_SECONDS, context=safe)
        else:
            server = smtplib.SMTP(host, port, OUR_NAME, timeout=TIMEOUT_SECONDS)
        try:
            if self._url.scheme == "smtp+starttls":
                server.starttls(context=safe)
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
        except BaseException:
            server.close()
            raise
        return server

    def _judged(self, code: int, words: bytes | str, recipient: str) -> PostUnavailableError | MailRefusedError:
        """Return a refusal as one for now or one for good, by the server's code."""
        reason = words.decode(errors="replace") if isinstance(words, bytes) else words
        text = f"the mail server {self._where} refused the mail to {recipient}: {code} {reason}"
        return MailRefusedError(text) if code >= PERMANENT else PostUnavailableError(text)


def as_message(mail: Mail, sender: str, recipient: str) -> EmailMessage:
    """Return *mail* as it is sent: text, HTML with the picture in it, and the patch.

    Raises:
        MailRefusedError: *recipient* is not a mail address.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = sender
    message["To"] = _address(recipient)
    message["Subject"] = mail.subject
    message["Message-ID"] = mail.message_id
    message["Date"] = formatdate()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    if mail.picture:
        html = message.get_payload(1)
        assert isinstance(html, EmailMessage)  # noqa: S101  add_alternative has just put it there
        html.add_related(mail.picture, "image", "png", cid=f"<{CURVES}>", filename="curves.png")
    if mail.patch:
        # As bytes: a patch whose line ends were changed on the way would not apply.
        message.add_attachment(mail.patch.encode(), "text", "x-patch", filename=mail.patch_name)
    return message


def _address(text: str) -> str:
    try:
        return str(Address(addr_spec=text))
    except (HeaderParseError, ValueError, IndexError) as error:
        raise MailRefusedError(f"{text!r} is not a mail address; correct `notify` or TRAINYARD_NOTIFIER_TO") from error
