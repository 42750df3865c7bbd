"""What the doctor says of each thing that may be missing: a test for each, with its remedy."""

import base64
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainyard.errors import EngineUnavailableError
from trainyard.pages import Page, Request, Response, as_json, serving
from trainyard_cli.checks import machine, stack
from trainyard_cli.finding import Finding, missing
from trainyard_cli.view.operations import findings_lines


@pytest.fixture
def nobody() -> int:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def rabbitmq() -> dict[str, Page]:
    """The management pages of a broker on which nothing was applied."""

    def api(request: Request) -> Response:
        expected = "Basic " + base64.b64encode(b"trainyard:right").decode()
        if request.headers.get("Authorization") != expected:
            return as_json({"error": "not_authorised"}, 401)
        if request.rest == "overview":
            return as_json({"rabbitmq_version": "4.0.5"})
        return as_json([])

    return {"/api": api}


@pytest.fixture
def broker() -> Iterator[int]:
    """A broker's pages with nothing applied."""
    with serving("127.0.0.1", 0, rabbitmq(), lambda: None) as port:
        yield port


class TestHere:
    def test_names_missing_libraries_of_services(self) -> None:
        """Which service needs the library is said, and what installs it."""
        finding = machine.services(lambda module: module != "libcst")

        assert finding == missing(
            "services", "not installed: libcst (for the tweaker)", "pip install 'trainyard[services]'"
        )

    def test_says_what_stands_in_for_missing_training_packages(self) -> None:
        """Without TensorFlow here, Docker trains; so it is not needed."""
        finding = machine.training(lambda module: module != "tensorflow")

        assert (finding.ok, finding.needed) == (False, False)
        assert "not installed: tensorflow" in finding.text
        assert "--engine docker" in finding.remedy

    def test_needs_one_way_to_train(self) -> None:
        """Neither packages nor an engine: nothing can train."""
        neither = [
            missing("training packages", "", "", needed=False),
            missing("container engine", "", "", needed=False),
        ]

        finding = machine.ways_to_train(neither)

        assert not finding.ok
        assert finding.needed
        assert finding.remedy == "pip install 'trainyard[local]', or start a Docker engine."

    def test_says_when_the_folder_is_gone(self, tmp_path: Path) -> None:
        """A folder that was removed under the shell cannot be written either."""
        finding = machine.storage(tmp_path / "gone")

        assert not finding.ok
        assert finding.remedy == "Run trainyard in a folder where you have write permission."

    def test_says_when_the_disk_is_nearly_full(self, tmp_path: Path) -> None:
        """Too little room is found before a training fails of it."""
        finding = machine.disk(tmp_path, free=lambda _: 2**30)

        assert finding.text == "1.0 GiB free"
        assert "docker system prune" in finding.remedy


class TestBroker:
    def test_says_when_nothing_listens(self, nobody: int) -> None:
        """The remedy is the stack, or the setting."""
        finding = stack.broker(f"amqp://trainyard:x@127.0.0.1:{nobody}/%2f")

        assert f"the broker does not answer at 127.0.0.1:{nobody}" in finding.text
        assert finding.remedy == "Start the stack: docker compose up -d; or set TRAINYARD_BROKER_URL to where it is."

    def test_says_when_its_pages_do_not_answer(self, nobody: int) -> None:
        """The password of the URL is not shown."""
        finding = stack.management(f"http://trainyard:secret@127.0.0.1:{nobody}")

        assert not finding.ok
        assert "secret" not in finding.text
        assert "TRAINYARD_MANAGEMENT_URL" in finding.remedy

    def test_says_when_the_password_is_wrong(self, broker: int) -> None:
        """Which setting holds it is said."""
        finding = stack.management(f"http://trainyard:wrong@127.0.0.1:{broker}")

        assert finding.text == f"the broker at 127.0.0.1:{broker} refuses the user 'trainyard'"
        assert finding.remedy == "set user and password in TRAINYARD_MANAGEMENT_URL"

    def test_says_its_version_when_all_is_well(self, broker: int) -> None:
        """What runs there is named."""
        assert stack.management(f"http://trainyard:right@127.0.0.1:{broker}").text == "RabbitMQ 4.0.5"

    def test_names_what_is_not_there(self, broker: int) -> None:
        """The remedy is one command."""
        finding = stack.topology(f"http://trainyard:right@127.0.0.1:{broker}")

        assert "missing or different: exchange trainyard, exchange trainyard.parking" in finding.text
        assert finding.text.endswith("more")
        assert finding.remedy == "trainyard topology apply"


class TestService:
    def test_says_when_it_does_not_answer(self, nobody: int) -> None:
        """The setting is named by the service."""
        finding = stack.service("fetcher", f"http://127.0.0.1:{nobody}")

        assert finding.remedy == "Start the stack: docker compose up -d; or set TRAINYARD_FETCHER_URL to where it is."

    def test_says_why_it_is_not_well(self) -> None:
        """The service's own reason is passed on."""
        with serving("127.0.0.1", 0, {}, lambda: "the broker does not answer") as port:
            finding = stack.service("evaluator", f"http://127.0.0.1:{port}")

        assert "the broker does not answer" in finding.text
        assert finding.remedy == "Look at its log: docker compose logs evaluator"

    def test_is_content_with_one_that_is_well(self) -> None:
        """A healthy service is named with its address."""
        with serving("127.0.0.1", 0, {}, lambda: None) as port:
            assert stack.service("evaluator", f"http://127.0.0.1:{port}").ok


class TestMail:
    def test_says_when_the_mail_server_does_not_answer(self, nobody: int) -> None:
        """A server that was set is greeted."""
        finding = stack.mail(f"smtp://127.0.0.1:{nobody}", "")

        assert f"127.0.0.1:{nobody}" in finding.text
        assert finding.remedy == "Start it, or set TRAINYARD_NOTIFIER_SMTP_URL to where it is."

    def test_looks_for_the_mail_catcher_where_none_is_set(self, nobody: int) -> None:
        """The stack brings its own."""
        finding = stack.mail(None, f"http://127.0.0.1:{nobody}")

        assert "the mail catcher does not answer" in finding.text
        assert "TRAINYARD_NOTIFIER_SMTP_URL" in finding.remedy


class TestEngine:
    def test_says_when_it_does_not_answer(self) -> None:
        """The engine's own words and the remedy."""

        def away() -> str:
            raise EngineUnavailableError("no such file: /var/run/docker.sock")

        finding = machine.engine(away)

        assert "/var/run/docker.sock" in finding.text
        assert "Start Docker" in finding.remedy

    def test_names_the_images_that_are_not_built(self) -> None:
        """They are built on first need, so their absence is only noted."""
        finding = stack.images([("ann", None), ("sklearn", "trainyard/sklearn:1")])

        assert finding.text == "not built yet: ann"
        assert not finding.needed
        assert "trainyard images" in finding.remedy


class TestCheckup:
    def test_shows_each_finding_with_its_sign_and_remedy(self) -> None:
        """In a log, one line a finding."""
        shown = findings_lines(
            "here",
            [Finding("disk", "9 GiB free"), missing("mail", "away", "start it"), missing("x", "y", "z", needed=False)],
        )

        assert shown == "here:\n✓ disk: 9 GiB free\n✗ mail: away. → start it\n- x: y. → z\n"
