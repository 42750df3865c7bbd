"""Git repositories through the git command, each mirrored in a bare repository of our own."""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from services.fetcher.adapters.command import GitAwayError, GitCommand, GitError
from services.fetcher.adapters.tree import read_tree
from services.fetcher.domain import normalized, redacted
from services.fetcher.ports import MOST_BYTES, Code, not_found, unreachable
from trainyard.errors import SubmissionError

COMMIT = re.compile(r"[0-9a-f]{7,40}")
DEFAULT = "HEAD"
MOST_NAMED = 10


class GitRepositories:
    """Fetches commits of at most *most* bytes, and records what was seen in the refs of its mirrors."""

    def __init__(self, mirrors: str, *, timeout: float = 300.0, most: int = MOST_BYTES) -> None:
        self._mirrors = os.path.abspath(mirrors)
        self._git = GitCommand(self._mirrors, timeout)
        self._most = most

    def fetch(self, url: str, revision: str | None) -> Code:
        """Return exactly the files of that revision."""
        with self._updated(url) as mirror:
            commit = self._resolve(mirror, url, revision)
            return Code(read_tree(self._git, mirror, commit, what=redacted(url), most=self._most), commit)

    def head(self, url: str, ref: str | None) -> str:
        """Return the commit at the tip of *ref*; asks for the tip only."""
        wanted = [f"refs/heads/{ref}", f"refs/tags/{ref}"] if ref else [DEFAULT]
        with self._explained(url):
            listed = self._git.text("ls-remote", "--", url, *wanted)
        if not listed.strip():
            raise self._no_revision(url, ref, "it has no such branch or tag" if ref else "it has no commit yet")
        return listed.split()[0]

    def seen(self, url: str, ref: str | None) -> str | None:
        """Return the commit that was last recorded."""
        with self._mirror(url) as mirror:
            found = self._git.text("rev-parse", "--verify", "--quiet", _seen(ref), folder=mirror, check=False).strip()
            return found or None

    def note_seen(self, url: str, ref: str | None, commit: str) -> None:
        """Record the commit in a ref of the mirror."""
        with self._updated(url) as mirror, self._explained(url):
            self._git.text("update-ref", _seen(ref), commit, folder=mirror)

    def _resolve(self, mirror: str, url: str, revision: str | None) -> str:
        """Return the commit of a branch, a tag or the start of a commit's hash."""
        if revision is None:
            return self._default(mirror, url)
        names = [f"refs/heads/{revision}", f"refs/tags/{revision}"]
        names += [revision] if COMMIT.fullmatch(revision) else []
        for name in names:
            found = self._commit(mirror, name)
            if found:
                return found
        return self._unadvertised(mirror, url, revision)

    def _default(self, mirror: str, url: str) -> str:
        commit = self.head(url, None)
        return self._commit(mirror, commit) or self._unadvertised(mirror, url, commit)

    def _unadvertised(self, mirror: str, url: str, revision: str) -> str:
        """Ask for a commit that no branch or tag leads to; many servers serve it."""
        if COMMIT.fullmatch(revision):
            self._git.text("fetch", "--quiet", "--no-tags", "--", url, revision, folder=mirror, check=False)
        found = self._commit(mirror, revision) if COMMIT.fullmatch(revision) else None
        if found is None:
            raise self._no_revision(url, revision, self._branches(mirror))
        return found

    def _commit(self, mirror: str, name: str) -> str | None:
        arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return self._git.text(*arguments, folder=mirror, check=False).strip() or None

    def _branches(self, mirror: str) -> str:
        arguments = ("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads")
        names = self._git.text(*arguments, folder=mirror).split()
        more = " …" if len(names) > MOST_NAMED else ""
        return f"its branches are {', '.join(names[:MOST_NAMED])}{more}" if names else "it has no commit yet"

    def _no_revision(self, url: str, revision: str | None, why: str) -> SubmissionError:
        return not_found(
            f"{redacted(url)} has no revision {revision or 'to train'!r}: {why}",
            remedy="Name a branch, a tag or a commit that was pushed; by default, the default branch is used.",
        )

    @contextmanager
    def _updated(self, url: str) -> Iterator[str]:
        """Lock the mirror, updated to the current branches and tags."""
        with self._mirror(url) as mirror:
            with self._explained(url):
                refs = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
                self._git.text("fetch", "--quiet", "--prune", "--no-auto-gc", "--", url, *refs, folder=mirror)
            yield mirror

    @contextmanager
    def _mirror(self, url: str) -> Iterator[str]:
        """Lock the mirror against other threads and processes; it is created where it is missing."""
        mirror = os.path.join(self._mirrors, f"{hashlib.sha256(normalized(url).encode()).hexdigest()[:24]}.git")
        os.makedirs(self._mirrors, exist_ok=True)
        with open(f"{mirror}.held", "w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            if not os.path.isfile(os.path.join(mirror, "HEAD")):
                self._git.text("init", "--quiet", "--bare", "--", mirror)
            _remove_stale_locks(mirror)
            yield mirror

    @contextmanager
    def _explained(self, url: str) -> Iterator[None]:
        """Turn the failure of a git command into what the submitter can do about it."""
        try:
            yield
        except GitError as error:
            refuse = unreachable if isinstance(error, GitAwayError) else not_found
            raise refuse(
                f"{redacted(url)} could not be fetched: {redacted(str(error))}",
                remedy="Check the URL, and that the fetcher may read it; submit it again if the network was at fault.",
            ) from error


def _seen(ref: str | None) -> str:
    return f"refs/trainyard/seen/{ref or DEFAULT}"


def _remove_stale_locks(mirror: str) -> None:
    """Remove the locks of a killed git; the holder of the mirror knows that no other git works in it."""
    for lock in [*Path(mirror).glob("*.lock"), *Path(mirror, "refs").rglob("*.lock")]:
        lock.unlink(missing_ok=True)
