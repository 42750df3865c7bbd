"""The small HTTP server of every service: `/metrics`, `/healthz`, and what a service adds."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

MAX_BODY = 512 * 1024 * 1024
STOP_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a page: the method, the path below the page's prefix, the body and the headers."""

    method: str
    rest: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Response:
    """The answer of a page."""

    body: bytes
    status: int = 200
    content_type: str = "application/json"
    headers: Mapping[str, str] | None = None


Page = Callable[[Request], Response]


def as_json(value: Any, status: int = 200) -> Response:
    """Return *value* as a JSON response."""
    return Response(json.dumps(value).encode(), status)


@contextmanager
def serving(host: str, port: int, pages: Mapping[str, Page], unhealthy: Callable[[], str | None]) -> Iterator[int]:
    """Serve *pages* by the longest prefix of the path, with `/metrics` and `/healthz`; yields the port.

    *unhealthy* returns why the service is unhealthy, or None when it is healthy; port 0 takes any free port.
    """
    table: dict[str, Page] = {"/metrics": _metrics, "/healthz": _health(unhealthy), **pages}
    server = ThreadingHTTPServer((host, port), _handler(table))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(STOP_POLL_SECONDS,), name="pages", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _metrics(_: Request) -> Response:
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def _health(unhealthy: Callable[[], str | None]) -> Page:
    def page(_: Request) -> Response:
        reason = unhealthy()
        return as_json({"status": "unhealthy", "reason": reason}, 503) if reason else as_json({"status": "ok"})

    return page


def _handler(table: Mapping[str, Page]) -> type[BaseHTTPRequestHandler]:

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            path = unquote(urlsplit(self.path).path)
            length = int(self.headers.get("Content-Length") or 0)
            if length > MAX_BODY:
                response = as_json({"error": f"the body is larger than {MAX_BODY} bytes"}, 413)
            else:
                response = _dispatch(table, self.command, path, self.rfile.read(length), dict(self.headers.items()))
            self.send_response(response.status)
            self.send_header("Content-Type", response.content_type)
            self.send_header("Content-Length", str(len(response.body)))
            for name, value in (response.headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)

        do_GET = do_POST = _answer  # noqa: N815  http.server looks for these names

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  its parameter's name
            """Log nothing: health checks every few seconds would flood the log."""

    return Handler


def _dispatch(table: Mapping[str, Page], method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Response:
    for prefix in sorted(table, key=len, reverse=True):
        if path == prefix or path.startswith(prefix + "/"):
            return table[prefix](Request(method, path[len(prefix) :].strip("/"), body, headers))
    return as_json({"error": f"there is no page {path}", "pages": sorted(table)}, 404)
