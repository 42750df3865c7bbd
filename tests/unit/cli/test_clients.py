"""The clients of services that run elsewhere, against real servers of the same kind."""

import io
import socket
import tarfile
from pathlib import Path

import pytest

from tests.unit.cli.factories import a_job, a_trial
from trainyard.messages import CancelRequested, CodeSubmitted
from trainyard.pages import Page, Request, Response, as_json, serving
from trainyard.trial import Origin
from trainyard_cli.errors import CommandError
from trainyard_cli.remote.broker import address, publish, shown
from trainyard_cli.remote.http import packed, remote_jobs, upload
from trainyard_cli.remote.submitting import find_job
from trainyard_cli.view.job import Log

SUBMITTED = CodeSubmitted(code="bundle:ab", submission="mine")


def evaluator(*names: str, submission: str = "s-1", code: str = "bundle:cd") -> Page:
    """The pages of an evaluator that knows these jobs, all of one submission."""

    def page(request: Request) -> Response:
        if request.rest.endswith("/log"):
            known = request.rest.removesuffix("/log") in names
            return as_json({"trial": 1, "run": 2, "lines": 1, "log": "one\n"}, 200 if known else 404)
        job = a_job(a_trial(1, 0.4), job=request.rest or "x", origin=Origin(code=code, submission=submission))
        if not request.rest:
            return as_json([{"job": name} for name in names])
        return Response(job.model_dump_json().encode()) if request.rest in names else as_json({}, 404)

    return page


@pytest.fixture
def nobody() -> int:
    """A port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class TestRemoteJobs:
    def test_reads_jobs(self) -> None:
        """What the evaluator serves is read as it means it."""
        with serving("127.0.0.1", 0, {"/jobs": evaluator("wines-1")}, lambda: None) as port:
            jobs = remote_jobs(f"http://127.0.0.1:{port}/")

            assert [job.job for job in jobs.recent()] == ["wines-1"]
            assert (known := jobs.get("wines-1"))
            assert known.history[0].measurement
            assert jobs.get("digits") is None

    def test_reads_what_a_run_printed(self) -> None:
        """With which run it was."""
        with serving("127.0.0.1", 0, {"/jobs": evaluator("wines-1")}, lambda: None) as port:
            jobs = remote_jobs(f"http://127.0.0.1:{port}/")

            assert jobs.log("wines-1") == Log(trial=1, run=2, lines=1, log="one\n")
            assert jobs.log("digits") is None

    def test_says_that_the_evaluator_is_away(self, nobody: int) -> None:
        """Thing, reason and remedy in one line."""
        with pytest.raises(CommandError, match=r"the evaluator does not answer at .* set TRAINYARD_EVALUATOR_URL"):
            remote_jobs(f"http://127.0.0.1:{nobody}").recent()

    def test_says_that_something_else_answers(self) -> None:
        """Another program on that port is told from an evaluator."""
        with (
            serving("127.0.0.1", 0, {"/jobs": lambda _: Response(b"<html>")}, lambda: None) as port,
            pytest.raises(CommandError, match="is not an evaluator of this version"),
        ):
            remote_jobs(f"http://127.0.0.1:{port}").recent()

    def test_passes_on_what_the_evaluator_says_of_its_own_trouble(self) -> None:
        """A ledger that is away is told in the evaluator's words."""
        with (
            serving("127.0.0.1", 0, {"/jobs": lambda _: as_json({"error": "no database"}, 503)}, lambda: None) as port,
            pytest.raises(CommandError, match=r"answered 503 .*no database"),
        ):
            remote_jobs(f"http://127.0.0.1:{port}").recent()


class TestFindJob:
    def test_finds_the_job_by_its_submission(self) -> None:
        """A job of the same title is not mistaken for it."""
        with serving("127.0.0.1", 0, {"/jobs": evaluator("wines-1", submission="mine")}, lambda: None) as port:
            assert find_job(remote_jobs(f"http://127.0.0.1:{port}"), SUBMITTED) == "wines-1"

    def test_finds_the_job_that_it_joined(self) -> None:
        """Code that is in training already is not trained twice; its job is the one to follow."""
        with serving("127.0.0.1", 0, {"/jobs": evaluator("wines-1", code="bundle:ab")}, lambda: None) as port:
            assert find_job(remote_jobs(f"http://127.0.0.1:{port}"), SUBMITTED) == "wines-1"

    def test_gives_up_after_a_while(self) -> None:
        """A submission of which nothing came says where to look."""
        with (
            serving("127.0.0.1", 0, {"/jobs": evaluator("wines-1")}, lambda: None) as port,
            pytest.raises(CommandError, match="trainyard parked list"),
        ):
            find_job(remote_jobs(f"http://127.0.0.1:{port}"), SUBMITTED, patience=0.1)


class TestUpload:
    def test_sends_the_folder_without_environments(self, tmp_path: Path) -> None:
        """What is uploaded is the code and its data, nothing else."""
        for name in ("train.py", "data/wines.csv", ".git/config", ".venv/lib.py", "__pycache__/train.pyc"):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text("x")

        with tarfile.open(fileobj=io.BytesIO(packed(tmp_path))) as archive:
            assert archive.getnames() == ["train.py", "data/wines.csv"]

    def test_returns_the_name_that_the_fetcher_gave_it(self, tmp_path: Path) -> None:
        """The answer's `code` is what is submitted."""
        (tmp_path / "train.py").write_text("x")

        with serving("127.0.0.1", 0, {"/archives": lambda _: as_json({"code": "bundle:ab"})}, lambda: None) as port:
            assert upload(tmp_path, f"http://127.0.0.1:{port}") == "bundle:ab"

    def test_says_why_the_fetcher_refuses(self, tmp_path: Path) -> None:
        """The fetcher's own reason is passed on."""
        with (
            serving(
                "127.0.0.1", 0, {"/archives": lambda _: as_json({"error": "too large"}, 413)}, lambda: None
            ) as port,
            pytest.raises(CommandError, match=r"refused .*: 413 too large"),
        ):
            upload(tmp_path, f"http://127.0.0.1:{port}")


class TestBroker:
    def test_says_that_it_is_away_without_its_password(self, nobody: int) -> None:
        """A person's command does not wait for a broker, and shows no secret."""
        with pytest.raises(CommandError, match=f"127.0.0.1:{nobody}") as caught:
            publish(CancelRequested(job="wines"), f"amqp://trainyard:secret@127.0.0.1:{nobody}/%2f")

        assert "secret" not in str(caught.value)

    def test_knows_the_usual_ports(self) -> None:
        """5672 plain, 5671 with TLS."""
        assert address("amqp://h/%2f") == ("h", 5672)
        assert address("amqps://h/%2f") == ("h", 5671)
        assert shown("amqp://u:p@h:1/%2f") == "amqp://h:1"
