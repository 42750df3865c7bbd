"""The mail as a real SMTP server gets it: its parts, its texts, its patch."""

import email
import email.policy
import socket
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from services.notifier.adapters.inbox import SqlInbox
from services.notifier.adapters.post import SmtpPost
from services.notifier.bootstrap import assemble
from services.notifier.ports import MailRefusedError, PostUnavailableError
from tests.unit.notifier.builders import (
    AUTHORS,
    DATA_FILE,
    TWEAKED,
    a_failed_trial,
    a_finished_job,
    a_passed_job,
    a_trial,
    the_authors_bundle,
    the_tweaked_bundle,
)
from trainyard.errors import PermanentError
from trainyard.messages import JobFinished, Message
from trainyard.storage import Storage
from trainyard.trial import Warn

ADA = "ada@example.com"
FILES = "http://trainyard.example"


@dataclass
class MailServer:
    """What a mail server got; `answer` is what it says to a recipient, `goodbye` to QUIT."""

    mails: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"
    goodbye: str = "221 bye"
    port: int = 0

    async def handle_RCPT(self, _: Any, __: Any, envelope: Any, address: str, *___: Any) -> str:  # noqa: N802
        """Answer to a recipient."""
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _: Any, __: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a mail."""
        self.mails.append(email.message_from_bytes(envelope.content, EmailMessage, policy=email.policy.default))
        return "250 kept"

    async def handle_QUIT(self, *_: Any) -> str:  # noqa: N802
        """End the session."""
        return self.goodbye


@pytest.fixture
def server() -> Iterator[MailServer]:
    it = MailServer(port=free_port())
    controller = Controller(it, hostname="127.0.0.1", port=it.port)
    controller.start()
    yield it
    controller.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Notifier:
    """The whole service but its bus."""

    server: MailServer
    storage: Storage
    inbox: SqlInbox

    def tell(self, event: JobFinished, *, url: str | None = None) -> None:
        """Handle the message as the run loop does."""
        post = SmtpPost(url or f"smtp://127.0.0.1:{self.server.port}", "trainyard@example.com")
        service = assemble(post=post, inbox=self.inbox, bundles=self.storage, recipients=(ADA,), files_url=FILES)
        published: list[Message] = list(service.handlers[JobFinished](event))
        assert published == []

    def mail_about(self, event: JobFinished) -> EmailMessage:
        """The one mail that *event* leads to."""
        self.tell(event)
        assert len(self.server.mails) == 1, f"one mail was expected, not {len(self.server.mails)}"
        return self.server.mails[0]


@pytest.fixture
def notifier(server: MailServer, tmp_path: Path) -> Iterator[Notifier]:
    inbox = SqlInbox(f"sqlite:///{tmp_path}/inbox.db")
    yield Notifier(server, Storage(str(tmp_path / "storage")), inbox)
    inbox.close()


@pytest.fixture
def bundles(notifier: Notifier) -> tuple[str, str]:
    """The author's code and the tweaked code, both kept in storage."""
    return notifier.storage.put_blob(the_authors_bundle()), notifier.storage.put_blob(the_tweaked_bundle())


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def html_of(mail: EmailMessage) -> str:
    """The HTML, which has to be well-formed."""
    body = mail.get_body(("html",))
    assert body
    html = str(body.get_content())
    ET.fromstring(html.replace("<!DOCTYPE html>", ""))  # noqa: S314  our own
    return html


def both(mail: EmailMessage, *expected: str) -> None:
    """Text and HTML both say all of *expected*."""
    visible = " ".join(ET.fromstring(html_of(mail).replace("<!DOCTYPE html>", "")).itertext())  # noqa: S314  our own
    for words in expected:
        assert words in text_of(mail), f"{words!r} is not in the text:\n{text_of(mail)}"
        assert words in visible, f"{words!r} is not in the HTML:\n{visible}"


class TestPassed:
    def test_says_what_came_of_it(self, notifier: Notifier, bundles: tuple[str, str]) -> None:
        """Outcome, accuracy and which one it is, threshold, trials, where the model lies."""
        mail = notifier.mail_about(a_passed_job(bundles=bundles))

        assert mail["Subject"] == "[Trainyard] wines passed: 0.983 (test) ≥ 0.90 after 2 trials"
        assert (mail["Message-ID"], mail["To"], mail["From"]) == (
            "<wines-1a2b@trainyard>",
            ADA,
            "trainyard@example.com",
        )
        both(
            mail,
            "Trial 2 reached it.",
            "accuracy 0.983 on test data",
            "0.90 or more",
            "2 trials, 3 min 12 s",
            "scale inputs: Inputs reach 1680 & are <not> scaled.",
            "the original code",
            "/kept/t2/modelsave.h5",
            "git apply wines-1a2b.patch",
        )
        for told in (text_of(mail), html_of(mail)):
            assert f"{FILES}/jobs/wines-1a2b/files/t2/modelsave.h5" in told
            assert f"{FILES}/jobs/wines-1a2b/files/t2/loss%20curve.png" in told

    def test_shows_the_curves_within_the_html(self, notifier: Notifier, bundles: tuple[str, str]) -> None:
        """A picture that travels with the mail."""
        mail = notifier.mail_about(a_passed_job(bundles=bundles))

        [picture] = [part for part in mail.walk() if part.get_content_type() == "image/png"]
        assert picture["Content-ID"] == "<curves@trainyard>"
        assert 'src="cid:curves@trainyard"' in html_of(mail)
        assert bytes(picture.get_content()).startswith(b"\x89PNG")

    def test_carries_a_patch_that_applies_to_the_authors_tree(
        self, notifier: Notifier, bundles: tuple[str, str], tmp_path: Path
    ) -> None:
        """What `git apply` makes of it is the best trial's code, byte by byte."""
        tree = tmp_path / "tree"
        tree.mkdir()
        (tree / "train.py").write_bytes(AUTHORS)
        (tree / "wines.csv").write_bytes(DATA_FILE)
        mail = notifier.mail_about(a_passed_job(bundles=bundles))

        [patch] = mail.iter_attachments()
        (tree / str(patch.get_filename())).write_bytes(patch.get_payload(decode=True))  # type: ignore[arg-type]
        subprocess.run(["git", "init", "--quiet"], cwd=tree, check=True)
        subprocess.run(["git", "apply", "wines-1a2b.patch"], cwd=tree, check=True)

        assert (tree / "train.py").read_bytes() == TWEAKED
        assert (tree / "wines.csv").read_bytes() == DATA_FILE

    def test_says_training_data_in_capitals(self, notifier: Notifier) -> None:
        """An accuracy on the data it was trained on must not be taken for more."""
        mail = notifier.mail_about(a_finished_job(a_trial(1, 0.99, data="train"), best=1))

        assert "0.99 (TRAINING)" in mail["Subject"]
        both(mail, "accuracy 0.99 on TRAINING data")

    def test_warns_of_what_the_script_raised_after_it_had_measured(self, notifier: Notifier) -> None:
        """The result stands, and the author learns of the rest."""
        warning = Warn(
            type="OSError", message="no space left", traceback="Traceback:\n  boom", file="train.py", line=40
        )

        mail = notifier.mail_about(a_finished_job(a_trial(1, 0.95, warning=warning), best=1))

        both(mail, "after its metric was measured", "OSError: no space left", "train.py", "line 40", "boom")

    def test_has_neither_patch_nor_picture_where_there_is_none(self, notifier: Notifier) -> None:
        """The author's own code passed, without epochs."""
        mail = notifier.mail_about(a_finished_job(a_trial(1, 0.95, curve=None), best=1))

        assert list(mail.iter_attachments()) == []
        assert "<img" not in html_of(mail)
        assert "git apply" not in text_of(mail)


class TestOtherOutcomes:
    def test_exhausted_delivers_the_best(self, notifier: Notifier, bundles: tuple[str, str]) -> None:
        """How far it came, the trials that failed, and the model all the same."""
        trials = (a_trial(1, 0.4, bundle=bundles[0]), a_trial(2, 0.85, bundle=bundles[1]), a_failed_trial(3))

        mail = notifier.mail_about(
            a_finished_job(*trials, outcome="exhausted", best=2, why="The budget of 3 trials is spent.")
        )

        assert mail["Subject"] == "[Trainyard] wines exhausted: best 0.85 (test) < 0.90 after 3 trials"
        both(mail, "The budget of 3 trials is spent.", "failed: ValueError: could not convert", "modelsave.h5")
        assert [part.get_filename() for part in mail.iter_attachments()] == ["wines-1a2b.patch"]

    def test_failed_names_file_line_remedy_and_traceback(self, notifier: Notifier) -> None:
        """All that the author needs to mend it."""
        mail = notifier.mail_about(a_finished_job(a_failed_trial(), outcome="failed", why="It does not train."))

        assert mail["Subject"] == "[Trainyard] wines failed: ValueError: could not convert string to float: 'red'"
        both(
            mail,
            "ValueError: could not convert string to float: 'red'",
            "train.py",
            "line 12",
            "Encode the column before training.",
            'File "train.py", line 12, in <module>',
        )
        assert list(mail.iter_attachments()) == []

    def test_cancelled_says_so(self, notifier: Notifier) -> None:
        """Even where nothing was trained."""
        mail = notifier.mail_about(a_finished_job(outcome="cancelled", why="Cancelled by ada."))

        assert mail["Subject"] == "[Trainyard] wines cancelled after 0 trials"
        both(mail, "Cancelled by ada.", "0 trials")


class TestOneMail:
    def test_is_sent_for_a_message_and_its_copies(self, notifier: Notifier) -> None:
        """Also by the next instance of the service."""
        for _ in range(3):
            notifier.tell(a_passed_job())

        assert len(notifier.server.mails) == 1

    def test_is_the_same_mail_to_each_recipient(self, notifier: Notifier) -> None:
        """One id, whoever reads it."""
        notifier.tell(a_passed_job(notify=("bob@example.com", "eve@example.com")))

        assert [mail["To"] for mail in notifier.server.mails] == ["bob@example.com", "eve@example.com"]
        assert len({mail["Message-ID"] for mail in notifier.server.mails}) == 1


class TestServerTrouble:
    def test_is_tried_again_when_the_server_is_away(self, notifier: Notifier) -> None:
        """The address it was looked for at is named."""
        with pytest.raises(PostUnavailableError, match=r"127\.0\.0\.1:1 .*TRAINYARD_NOTIFIER_SMTP_URL"):
            notifier.tell(a_passed_job(), url="smtp://user:secret@127.0.0.1:1")

    def test_is_tried_again_when_the_server_says_later(self, notifier: Notifier) -> None:
        """Greylisting is a refusal for now; the mail goes out once it is over."""
        notifier.server.answer = "451 come back later"
        with pytest.raises(PostUnavailableError, match=f"{ADA}: 451 come back later"):
            notifier.tell(a_passed_job())

        notifier.server.answer = "250 OK"
        notifier.tell(a_passed_job())

        assert len(notifier.server.mails) == 1

    def test_after_it_took_the_mail_is_none(self, notifier: Notifier) -> None:
        """A goodbye that goes wrong does not send the mail a second time."""
        notifier.server.goodbye = "421 too busy to say goodbye"

        notifier.tell(a_passed_job())
        notifier.tell(a_passed_job())

        assert len(notifier.server.mails) == 1

    def test_is_parked_when_the_server_refuses_for_good(self, notifier: Notifier) -> None:
        """The recipient and the server's reason are named."""
        notifier.server.answer = "550 no such user here"

        with pytest.raises(MailRefusedError, match=f"{ADA}: 550 no such user here"):
            notifier.tell(a_passed_job())

    def test_is_parked_when_the_recipient_is_no_address(self, notifier: Notifier) -> None:
        """A line break in it would be a header of its own."""
        with pytest.raises(MailRefusedError, match="is not a mail address"):
            notifier.tell(a_passed_job(notify=("ada@example.com\r\nBcc: all@example.com",)))

        assert notifier.server.mails == []

    def test_is_said_at_the_start_when_the_url_is_wrong(self) -> None:
        """With what it may be."""
        with pytest.raises(PermanentError, match=r"TRAINYARD_NOTIFIER_SMTP_URL .*smtp\+starttls://host"):
            SmtpPost("http://mail.example.com", "trainyard@example.com")


class TestLogin:
    def test_uses_user_and_password_of_the_url(self, notifier: Notifier) -> None:
        """Percent-encoded where they need to be."""
        seen: list[tuple[bytes, bytes]] = []

        def check(_: Any, __: Any, ___: Any, ____: Any, data: Any) -> AuthResult:
            seen.append((data.login, data.password))
            return AuthResult(success=True)

        port = free_port()
        controller = Controller(
            notifier.server, hostname="127.0.0.1", port=port, authenticator=check, auth_require_tls=False
        )
        controller.start()
        try:
            notifier.tell(a_passed_job(), url=f"smtp://ada%40example.com:p%2Fw@127.0.0.1:{port}")
        finally:
            controller.stop()

        assert seen == [(b"ada@example.com", b"p/w")]
        assert len(notifier.server.mails) == 1
