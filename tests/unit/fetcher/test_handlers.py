"""What the fetcher makes of `code.submitted`."""

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from services.fetcher.handlers import Tools, on_code_submitted
from services.fetcher.ports import Code, Repositories, unreachable
from tests.unit.fetcher.repositories import Checkout
from trainyard import marks
from trainyard.bundle import pack, unpack
from trainyard.errors import TransientError
from trainyard.messages import CodeReady, CodeSubmitted, Message, TrainingFailed
from trainyard.storage import Storage
from trainyard.trial import Failure


def said(tools: Tools, event: CodeSubmitted) -> list[Message]:
    """Handle one submission."""
    return list(on_code_submitted(event, tools=tools))


def ready(tools: Tools, event: CodeSubmitted) -> CodeReady:
    """Handle a submission that can be trained."""
    (message,) = said(tools, event)
    assert isinstance(message, CodeReady)
    return message


def failure(tools: Tools, event: CodeSubmitted) -> Failure:
    """Handle a submission that cannot be trained."""
    (message,) = said(tools, event)
    assert isinstance(message, TrainingFailed)
    assert (message.trial, message.run, message.result.trial) == (1, 0, 1)
    assert message.origin.code == event.code
    assert message.result.failure
    return message.result.failure


class TestReady:
    def test_asks_for_the_training_of_a_commit(self, checkout: Checkout, tools: Tools, storage: Storage) -> None:
        """Trial 1, run 1 of the bundle, with the author's settings and where the code came from."""
        commit = checkout.commit({"train.py": "print(1)\n", "trainyard.toml": "threshold = 0.8\nseed = 7\n"})
        event = CodeSubmitted(code=checkout.url, revision="main", submission="one", title="Wine Quality")

        message = ready(tools, event)

        assert (message.trial, message.run, message.seed, message.policy.threshold) == (1, 1, 7, 0.8)
        assert set(unpack(storage.get_blob(message.bundle))) == {"train.py", "trainyard.toml"}
        assert message.origin.model_dump() == {
            "code": checkout.url,
            "revision": "main",
            "commit": commit,
            "title": "Wine Quality",
            "submission": "one",
        }
        assert message.job.startswith("wine-quality-")
        assert storage.read_mark(marks.submission(message.job)) == b"one"

    def test_takes_a_folder_as_it_is(self, tmp_path: Path, tools: Tools) -> None:
        """Its bundle's hash stands for the commit."""
        (tmp_path / "my wines").mkdir()
        (tmp_path / "my wines" / "train.py").write_text("print(1)")

        message = ready(tools, CodeSubmitted(code=(tmp_path / "my wines").as_uri()))

        assert message.origin.commit == message.bundle
        assert message.origin.title == "my wines"

    def test_takes_a_revision_of_a_checkout_on_this_machine(self, checkout: Checkout, tools: Tools) -> None:
        """With a revision it is a repository, not a folder."""
        commit = checkout.commit({"train.py": "old"})
        checkout.commit({"train.py": "new"})

        message = ready(tools, CodeSubmitted(code=checkout.folder.as_uri(), revision=commit))

        assert message.origin.commit == commit

    def test_takes_an_upload(self, tools: Tools, storage: Storage) -> None:
        """What POST /archives answered."""
        bundle = storage.put_blob(pack({"train.py": b"print(1)"}))

        message = ready(tools, CodeSubmitted(code=f"bundle:{bundle}", title="wines"))

        assert (message.bundle, message.origin.commit, message.origin.title) == (bundle, bundle, "wines")

    def test_lets_what_was_submitted_win_over_the_file(self, checkout: Checkout, tools: Tools) -> None:
        """`trainyard submit --threshold`."""
        checkout.commit({"train.py": "x", "trainyard.toml": "threshold = 0.8\n"})

        message = ready(tools, CodeSubmitted(code=checkout.url, overrides={"threshold": 0.99}))

        assert message.policy.threshold == 0.99

    @pytest.mark.parametrize(
        "code",
        [
            "https://me:secret@127.0.0.1:9/x.git",
            "ftp://me:secret@host/x.git",
            "ftp://me:secret@host",
            "git+HTTPS://secret@host/x",
            "ext::sh -c https://secret@host/x",
        ],
    )
    def test_shows_no_password(self, code: str, tools: Tools) -> None:
        """The origin goes into mails and pages, what happens into the log."""
        with capture_logs() as lines:
            (message,) = said(tools, CodeSubmitted(code=code))

        assert "secret" not in message.model_dump_json()
        assert "secret" not in str(lines)


@dataclass
class Away:
    """Repositories of a server that does not answer the first few times.

    Attributes:
        behind: What answers afterwards.
        times: How often it still does not.
    """

    behind: Repositories
    times: int

    def fetch(self, url: str, revision: str | None) -> Code:
        """Answer, once it does."""
        self.times -= 1
        if self.times >= 0:
            raise unreachable(f"{url} could not be fetched: Could not resolve host", remedy="Check the URL.")
        return self.behind.fetch(url, revision)

    def head(self, url: str, ref: str | None) -> str:
        """Answer at once."""
        return self.behind.head(url, ref)

    def seen(self, url: str, ref: str | None) -> str | None:
        """Answer at once."""
        return self.behind.seen(url, ref)

    def note_seen(self, url: str, ref: str | None, commit: str) -> None:
        """Note it at once."""
        self.behind.note_seen(url, ref, commit)


class TestAway:
    def test_for_a_moment_is_not_the_authors_failure(self, checkout: Checkout, tools: Tools) -> None:
        """Three tries within seconds."""
        commit = checkout.commit({"train.py": "x"})
        tools = replace(tools, repositories=Away(tools.repositories, times=2), pauses=(0, 0))

        assert ready(tools, CodeSubmitted(code=checkout.url)).origin.commit == commit

    def test_for_longer_is_told(self, checkout: Checkout, tools: Tools) -> None:
        """The host may not exist at all; whoever submitted waits for an answer."""
        tools = replace(tools, repositories=Away(tools.repositories, times=3), pauses=(0, 0))

        told = failure(tools, CodeSubmitted(code=checkout.url))

        assert (told.reason, told.remedy) == ("not_found", "Check the URL.")

    def test_holds_nobody_else_up_for_long(self, checkout: Checkout, tools: Tools) -> None:
        """A pause that would take too long is not made."""
        tools = replace(tools, repositories=Away(tools.repositories, times=1), pauses=(3600,))

        assert failure(tools, CodeSubmitted(code=checkout.url)).reason == "not_found"

    def test_makes_a_polled_commit_wait(self, checkout: Checkout, tools: Tools) -> None:
        """It is told once and for all; the delay queues have it until the server is back."""
        event = CodeSubmitted(code=checkout.url, once=True)
        tools = replace(tools, repositories=Away(tools.repositories, times=1), pauses=(0, 0))

        with pytest.raises(TransientError, match="could not be fetched: Could not resolve host"):
            said(tools, event)


class TestJob:
    @pytest.fixture(autouse=True)
    def _pushed(self, checkout: Checkout) -> None:
        checkout.commit({"train.py": "print(1)"})

    def test_is_the_same_for_the_same_submission(self, checkout: Checkout, tools: Tools, storage: Storage) -> None:
        """A redelivery, also one after the job's end, gives the same message."""
        event = CodeSubmitted(code=checkout.url, submission="one")
        first = ready(tools, event)
        storage.mark(marks.ended(first.job))

        assert ready(tools, event) == first

    def test_is_joined_while_it_runs(self, checkout: Checkout, tools: Tools) -> None:
        """A second submission of the same code starts nothing new."""
        first = ready(tools, CodeSubmitted(code=checkout.url, submission="one"))
        second = ready(tools, CodeSubmitted(code=checkout.url, submission="two"))

        assert second.message_id == first.message_id

    def test_is_a_new_one_after_its_end(self, checkout: Checkout, tools: Tools, storage: Storage) -> None:
        """Whoever submits again wants it trained again; a redelivery of that finds its own job."""
        first = ready(tools, CodeSubmitted(code=checkout.url, submission="one"))
        storage.mark(marks.ended(first.job))
        second = ready(tools, CodeSubmitted(code=checkout.url, submission="two"))
        storage.mark(marks.ended(second.job))

        again = ready(tools, CodeSubmitted(code=checkout.url, submission="two"))
        third = ready(tools, CodeSubmitted(code=checkout.url, submission="three"))

        assert again.job == second.job
        assert len({first.job, second.job, third.job}) == 3

    def test_is_another_for_a_new_commit(self, checkout: Checkout, tools: Tools) -> None:
        """Each push is a job."""
        first = ready(tools, CodeSubmitted(code=checkout.url))
        checkout.commit({"train.py": "print(2)"})

        assert ready(tools, CodeSubmitted(code=checkout.url)).job != first.job

    def test_of_a_commit_that_is_told_once_is_never_repeated(
        self, checkout: Checkout, tools: Tools, storage: Storage
    ) -> None:
        """A poll that lost its memory finds the old commit again; that is no wish to train it again."""
        first = ready(tools, CodeSubmitted(code=checkout.url, submission="one", once=True))
        assert ready(tools, CodeSubmitted(code=checkout.url, submission="two", once=True)).job == first.job
        storage.mark(marks.ended(first.job))

        assert said(tools, CodeSubmitted(code=checkout.url, submission="three", once=True)) == []


class TestFailure:
    def test_names_an_unknown_folder(self, tools: Tools) -> None:
        """What was looked for, and how to hand over what the fetcher cannot see."""
        told = failure(tools, CodeSubmitted(code="file:///nowhere/at/all"))

        assert told.reason == "not_found"
        assert told.message == "/nowhere/at/all does not exist on the fetcher's machine"
        assert told.remedy.startswith("Check the path.")

    def test_names_an_unknown_url(self, tools: Tools) -> None:
        """What git itself said is in it."""
        told = failure(tools, CodeSubmitted(code="https://127.0.0.1:9/nobody/nothing.git"))

        assert told.reason == "not_found"
        assert told.message.startswith("https://127.0.0.1:9/nobody/nothing.git could not be fetched: ")
        assert told.remedy.startswith("Check the URL")

    def test_names_an_unknown_revision(self, checkout: Checkout, tools: Tools) -> None:
        """The branches there are."""
        checkout.commit({"train.py": "x"})

        told = failure(tools, CodeSubmitted(code=checkout.url, revision="mian"))

        assert told.reason == "not_found"
        assert "has no revision 'mian': its branches are main" in told.message

    def test_names_a_folder_that_has_no_revisions(self, tmp_path: Path, tools: Tools) -> None:
        """A plain folder was asked for at a branch."""
        told = failure(tools, CodeSubmitted(code=tmp_path.as_uri(), revision="main"))

        assert told.reason == "not_found"
        assert "does not appear to be a git repository" in told.message

    @pytest.mark.parametrize("code", ["wines", "ext::sh -c 'touch /tmp/x'", "-x", "s3://bucket/x"])
    def test_names_what_is_no_source(self, code: str, tools: Tools) -> None:
        """Whatever a person may publish by hand."""
        told = failure(tools, CodeSubmitted(code=code))

        assert told.reason == "not_found"
        assert told.message == f"{code!r} is neither a git URL nor a folder nor an uploaded archive"
        assert told.remedy.startswith("Submit https://host/user/repo.git, file:///folder")

    @pytest.mark.parametrize("name", ["f" * 64, "../../etc/passwd", ""])
    def test_names_an_upload_that_is_not_there(self, name: str, tools: Tools) -> None:
        """It was never uploaded, or collected long ago; other names than hashes lead nowhere."""
        told = failure(tools, CodeSubmitted(code=f"bundle:{name}"))

        assert told.reason == "not_found"
        assert told.message == f"no archive was uploaded as bundle:{name}"
        assert told.remedy == "Upload it with `trainyard submit PATH`, or by POST /archives."

    @pytest.mark.parametrize("revision", [None, "main"])
    @pytest.mark.parametrize("name", ["storage", "storage/blobs", "mirrors", "link"])
    def test_names_a_folder_of_trainyards_own(
        self, name: str, revision: str | None, tmp_path: Path, tools: Tools, storage: Storage
    ) -> None:
        """It holds what other people submitted; by a link it is the same folder."""
        storage.put_blob(b"somebody's code")
        (tmp_path / "link").symlink_to("storage/blobs")

        told = failure(tools, CodeSubmitted(code=(tmp_path / name).as_uri(), revision=revision))

        assert told.reason == "not_found"
        assert told.message == f"{tmp_path / name} is Trainyard's own folder, which holds other people's code"

    def test_names_an_empty_repository(self, checkout: Checkout, tools: Tools) -> None:
        """A commit without a file."""
        checkout.commit({})

        told = failure(tools, CodeSubmitted(code=checkout.url))

        assert told.reason == "empty"
        assert told.message == f"{checkout.url} is empty, so there is no Python script to train"
        assert told.remedy == "Add the script that trains the model, such as train.py, and commit it."

    def test_names_the_line_of_a_broken_trainyard_toml(self, checkout: Checkout, tools: Tools) -> None:
        """File, line and remedy travel in the failure; the code that holds it is known."""
        commit = checkout.commit({"train.py": "x", "trainyard.toml": "threshold = 0.9\ntreshold = 0.8\n"})
        event = CodeSubmitted(code=checkout.url)

        told = failure(tools, event)

        assert (told.reason, told.file, told.line) == ("config", "trainyard.toml", 2)
        assert told.message == "trainyard.toml is invalid: treshold: no such setting"
        (message,) = said(tools, event)
        assert isinstance(message, TrainingFailed)
        assert (message.origin.commit, message.result.bundle is not None) == (commit, True)

    def test_names_a_trainyard_toml_that_is_no_text(self, checkout: Checkout, tools: Tools) -> None:
        """Saved in another encoding."""
        checkout.commit({"train.py": "x", "trainyard.toml": 'notify = ["jürgen@host"]'.encode("latin-1")})

        told = failure(tools, CodeSubmitted(code=checkout.url))

        assert (told.reason, told.remedy) == ("config", "Save trainyard.toml as UTF-8.")

    def test_is_one_job_however_often_it_comes(self, tools: Tools) -> None:
        """A failure is redelivered like anything else."""
        event = CodeSubmitted(code="file:///nowhere", submission="one")

        assert said(tools, event) == said(tools, event)
