"""Repositories: exactly the commit that was asked for, and clear words where there is none."""

import stat
from pathlib import Path

import pytest

from services.fetcher.adapters.git import GitRepositories
from services.fetcher.ports import UnreachableError
from tests.unit.fetcher.repositories import Checkout
from trainyard.errors import SubmissionError, TransientError


def refused(
    repositories: GitRepositories, url: str, revision: str | None = None, *, reason: str = "not_found"
) -> SubmissionError:
    """Return why nothing is fetched."""
    with pytest.raises(SubmissionError) as error:
        repositories.fetch(url, revision)
    assert error.value.reason == reason
    return error.value


class TestFetch:
    def test_takes_the_default_branch(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """Whatever it is called."""
        checkout.git("checkout", "--quiet", "-b", "trunk")
        commit = checkout.commit({"train.py": "print(1)\n", "data/x.csv": b"\x00\xff"})

        code = repositories.fetch(checkout.url, None)

        assert code.commit == commit
        assert code.files == {"train.py": b"print(1)\n", "data/x.csv": b"\x00\xff"}

    @pytest.mark.parametrize("by", ["branch", "tag", "commit", "short"])
    def test_takes_the_revision_that_is_asked_for(
        self, by: str, checkout: Checkout, repositories: GitRepositories
    ) -> None:
        """By branch, tag, commit or the start of one, also when newer commits are there."""
        commit = checkout.commit({"train.py": "old"})
        checkout.git("branch", "topic/old")
        checkout.git("tag", "--annotate", "v1", "--message", "one")
        checkout.commit({"train.py": "new"})
        names = {"branch": "topic/old", "tag": "v1", "commit": commit, "short": commit[:8]}

        code = repositories.fetch(checkout.url, names[by])

        assert (code.commit, code.files["train.py"]) == (commit, b"old")

    def test_takes_only_what_was_committed(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """What lies about in the working tree is no part of it; what was deleted since still is."""
        commit = checkout.commit({"train.py": "committed", "gone.py": "x"})
        (checkout.folder / "train.py").write_text("changed")
        (checkout.folder / "gone.py").unlink()
        (checkout.folder / "new.py").write_text("new")

        code = repositories.fetch(checkout.url, commit)

        assert code.files == {"train.py": b"committed", "gone.py": b"x"}

    def test_takes_files_byte_for_byte(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """Attributes that rewrite or leave out files in an export change nothing."""
        checkout.commit(
            {
                ".gitattributes": "*.py text eol=crlf\nsecret.csv export-ignore\nv.txt export-subst\n",
                "train.py": "a\nb\n",
                "secret.csv": "1",
                "v.txt": "$Format:%H$",
                "Umlaut ä.txt": "ä",
            }
        )

        files = repositories.fetch(checkout.url, None).files

        assert (files["train.py"], files["secret.csv"], files["v.txt"]) == (b"a\nb\n", b"1", b"$Format:%H$")
        assert files["Umlaut ä.txt"] == "ä".encode()

    def test_follows_links_within_the_commit_only(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """A link to a file of the repository is that file; one that leads out is left out."""
        (checkout.folder / "latest.csv").symlink_to("data/x.csv")
        (checkout.folder / "passwd").symlink_to("/etc/passwd")
        (checkout.folder / "up").symlink_to("../../etc/passwd")
        checkout.commit({"data/x.csv": "1,2"})

        assert repositories.fetch(checkout.url, None).files == {"data/x.csv": b"1,2", "latest.csv": b"1,2"}

    def test_sees_what_was_pushed_since(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """The mirror follows, also a branch that was rewritten."""
        checkout.commit({"train.py": "one"})
        repositories.fetch(checkout.url, "main")
        checkout.git("checkout", "--quiet", "--orphan", "other")
        commit = checkout.commit({"train.py": "rewritten"})
        checkout.git("branch", "--force", "main", "other")

        assert repositories.fetch(checkout.url, "main").commit == commit

    def test_takes_a_commit_that_was_seen_before_its_branch_went(
        self, checkout: Checkout, repositories: GitRepositories
    ) -> None:
        """A redelivery asks for the commit it had; the mirror still has it."""
        commit = checkout.commit({"train.py": "one"})
        repositories.fetch(checkout.url, "main")
        checkout.git("commit", "--quiet", "--amend", "--message", "rewritten")

        assert repositories.fetch(checkout.url, commit).files == {"train.py": b"one"}

    def test_goes_on_after_a_git_that_was_killed(
        self, checkout: Checkout, repositories: GitRepositories, tmp_path: Path
    ) -> None:
        """Locks that it left in the mirror are in nobody's way."""
        checkout.commit({"train.py": "one"})
        repositories.fetch(checkout.url, None)
        (mirror,) = (tmp_path / "mirrors").glob("*.git")
        for lock in ("packed-refs.lock", "refs/heads/main.lock"):
            (mirror / lock).touch()
        commit = checkout.commit({"train.py": "two"})

        assert repositories.fetch(checkout.url, None).commit == commit

    def test_finds_nothing_in_a_commit_without_files(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """An empty commit is a commit."""
        commit = checkout.commit({})

        code = repositories.fetch(checkout.url, None)

        assert (code.commit, code.files) == (commit, {})


class TestRefused:
    def test_names_a_repository_that_is_not_there(self, tmp_path: Path, repositories: GitRepositories) -> None:
        """The URL, git's own words and what to check."""
        error = refused(repositories, f"file://{tmp_path}/nothing.git")

        assert str(error).startswith(f"file://{tmp_path}/nothing.git could not be fetched: ")
        assert "does not appear to be a git repository" in str(error)
        assert error.remedy.startswith("Check the URL, and that the fetcher may read it")

    def test_names_a_host_that_does_not_answer(self, repositories: GitRepositories) -> None:
        """Nobody is asked for a password, and the one in the URL is not shown."""
        error = refused(repositories, "https://me:secret@127.0.0.1:9/nobody/nothing.git")

        assert str(error).startswith("https://127.0.0.1:9/nobody/nothing.git could not be fetched: ")
        assert "secret" not in str(error)

    def test_names_a_revision_that_is_not_there_and_what_is(
        self, checkout: Checkout, repositories: GitRepositories
    ) -> None:
        """The branches are listed."""
        checkout.commit({"train.py": "one"})
        checkout.git("branch", "topic")

        error = refused(repositories, checkout.url, "mian")

        assert str(error) == f"{checkout.url} has no revision 'mian': its branches are main, topic"
        assert error.remedy.startswith("Name a branch, a tag or a commit that was pushed")

    def test_names_a_commit_that_is_not_there(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """A hash of nothing is no crash."""
        checkout.commit({"train.py": "one"})

        assert "has no revision" in str(refused(repositories, checkout.url, "d" * 40))

    def test_names_a_repository_without_a_commit(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """Nothing was pushed yet."""
        assert str(refused(repositories, checkout.url)).endswith("it has no commit yet")

    @pytest.mark.parametrize("revision", ["--upload-pack=touch /tmp/x", "-1", "main..topic", "", "a b", "HEAD~1"])
    def test_takes_no_option_or_expression_for_a_revision(
        self, revision: str, checkout: Checkout, repositories: GitRepositories
    ) -> None:
        """Revisions come from messages; only names and hashes are looked up."""
        checkout.commit({"train.py": "one"})

        assert "has no revision" in str(refused(repositories, checkout.url, revision))

    def test_refuses_more_than_it_may_hold(self, checkout: Checkout, tmp_path: Path) -> None:
        """Sizes are known before anything is read."""
        checkout.commit({"data.bin": b"x" * 2_000_000})
        repositories = GitRepositories(str(tmp_path / "mirrors"), most=1024 * 1024)

        error = refused(repositories, checkout.url, reason="too_large")

        assert str(error) == f"{checkout.url} is larger than 1 MiB and was not fetched"
        assert error.remedy.startswith("Keep data and models out of the code")

    def test_gives_up_on_a_server_that_hangs(
        self, tmp_path: Path, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A command that takes too long is ended, and the message says how long it was waited for."""
        slow = tmp_path / "bin" / "git"
        slow.parent.mkdir()
        slow.write_text("#!/bin/sh\nexec sleep 30\n")
        slow.chmod(slow.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")
        repositories = GitRepositories(str(tmp_path / "slow"), timeout=0.2)

        with pytest.raises(SubmissionError, match=r"git ls-remote took longer than 0\.2 s"):
            repositories.head(checkout.url, None)

    @pytest.mark.parametrize(
        ("complaint", "away"),
        [
            ("fatal: unable to access 'https://h/r/': Could not resolve host: h", True),
            (
                "fatal: unable to access 'https://h/r/': Failed to connect to h port 443: Connection refused",
                True,
            ),
            ("ssh: connect to host h port 22: Connection timed out", True),
            ("fatal: unable to access 'https://h/r/': The requested URL returned error: 503", True),
            ("error: RPC failed; curl 18\nfetch-pack: error\nfatal: more\nfatal: early EOF", True),
            ("fatal: unable to access 'https://h/r/': The requested URL returned error: 403", False),
            ("remote: Repository not found.\nfatal: repository 'https://h/r/' not found", False),
            ("git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.", False),
        ],
    )
    def test_tells_the_network_from_the_author(
        self, *, complaint: str, away: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What may be over in a moment is worth another try; a repository that is not there is not."""
        complains = tmp_path / "bin" / "git"
        complains.parent.mkdir()
        complains.write_text(f"#!/bin/sh\ncat >&2 <<'END'\n{complaint}\nEND\nexit 128\n")
        complains.chmod(complains.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setenv("PATH", f"{complains.parent}:/usr/bin:/bin")

        with pytest.raises(SubmissionError, match="https://h/r could not be fetched") as error:
            GitRepositories(str(tmp_path / "mirrors")).head("https://h/r", None)

        assert isinstance(error.value, UnreachableError) == away

    def test_a_machine_without_git_is_not_the_authors_fault(
        self, tmp_path: Path, checkout: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The message goes back to the queue for when there is one."""
        monkeypatch.setenv("PATH", str(tmp_path))

        with pytest.raises(TransientError, match="git cannot be run on the fetcher's machine"):
            GitRepositories(str(tmp_path / "mirrors")).fetch(checkout.url, None)


class TestSeen:
    def test_is_nothing_at_first(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """A new repository has not been seen."""
        commit = checkout.commit({"train.py": "one"})

        assert repositories.head(checkout.url, None) == commit
        assert repositories.seen(checkout.url, None) is None

    def test_is_kept_over_a_restart(self, checkout: Checkout, repositories: GitRepositories, tmp_path: Path) -> None:
        """The mirror's refs hold it, for each branch by itself, also when the branch is rewritten."""
        commit = checkout.commit({"train.py": "one"})
        repositories.note_seen(checkout.url, "main", commit)
        checkout.git("commit", "--quiet", "--amend", "--message", "rewritten")
        repositories.fetch(checkout.url, "main")

        again = GitRepositories(str(tmp_path / "mirrors"))

        assert again.seen(checkout.url, "main") == commit
        assert again.seen(checkout.url, None) is None

    def test_of_a_branch_that_is_not_there_is_refused(self, checkout: Checkout, repositories: GitRepositories) -> None:
        """The message names the branch."""
        checkout.commit({"train.py": "one"})

        with pytest.raises(SubmissionError, match="has no revision 'mian': it has no such branch or tag"):
            repositories.head(checkout.url, "mian")
