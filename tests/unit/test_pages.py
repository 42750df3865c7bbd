"""The HTTP pages that every service has."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from trainyard.pages import Request, Response, as_json, serving


@dataclass
class Server:
    """A server under test: its address, and the reason for which it is unwell."""

    port: int = 0
    trouble: list[str] = field(default_factory=list)

    def ask(self, path: str, body: bytes | None = None) -> tuple[int, str]:
        """Send a request and return status and text."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310  loopback
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()


def echo(request: Request) -> Response:
    """Answer with what was asked."""
    return as_json({"method": request.method, "rest": request.rest, "body": request.body.decode()})


@pytest.fixture
def server() -> Iterator[Server]:
    it = Server()
    with serving("127.0.0.1", 0, {"/echo": echo}, lambda: it.trouble[0] if it.trouble else None) as it.port:
        yield it


class TestPages:
    def test_shows_metrics_in_the_format_of_prometheus(self, server: Server) -> None:
        """Prometheus finds what it scrapes."""
        status, text = server.ask("/metrics")

        assert status == 200
        assert "# TYPE python_info gauge" in text

    def test_is_healthy_when_nothing_is_wrong(self, server: Server) -> None:
        """A health check gets 200."""
        assert server.ask("/healthz") == (200, '{"status": "ok"}')

    def test_says_why_it_is_unwell(self, server: Server) -> None:
        """A health check gets 503, and a person the reason."""
        server.trouble.append("the broker does not answer")

        status, text = server.ask("/healthz")

        assert status == 503
        assert json.loads(text)["reason"] == "the broker does not answer"

    def test_gives_a_page_the_rest_of_the_path_and_the_body(self, server: Server) -> None:
        """A page serves everything below its prefix."""
        status, text = server.ask("/echo/some/thing?x=1", body=b"hello")

        assert status == 200
        assert json.loads(text) == {"method": "POST", "rest": "some/thing", "body": "hello"}

    def test_names_its_pages_where_there_is_none(self, server: Server) -> None:
        """A wrong path is answered with the right ones."""
        status, text = server.ask("/nowhere")

        assert status == 404
        assert json.loads(text)["pages"] == ["/echo", "/healthz", "/metrics"]
