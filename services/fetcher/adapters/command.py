"""The git command, run without prompts and with a time limit."""

import os
import re
import subprocess

from trainyard.errors import TransientError

PROTOCOLS = "https:http:ssh:git:file"
CONFIG = "[safe]\n\tdirectory = *\n[include]\n\tpath = ~/.gitconfig\n"
"""Repositories of other users may be read, since nothing in them is run; the operator's own settings apply."""

PLACES = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE", "GIT_PREFIX"}
)
"""Variables of a git that runs us, such as in a hook; they would point our commands elsewhere."""


UNREACHABLE = re.compile(
    r"could not resolve|name resolution|failed to connect|connection (refused|reset|closed|timed out)|timed out|"
    r"network is unreachable|no route to host|early EOF|unexpected disconnect|empty reply|(error:|HTTP) 5\d\d",
    re.IGNORECASE,
)
"""What git says when the network or the server is at fault, as far as can be told."""


class GitError(Exception):
    """What git complained about, in its own words."""


class GitAwayError(GitError):
    """The repository's server did not answer; it may later."""


class GitCommand:
    """Runs git, with its settings in the folder *home*, for at most *timeout* seconds."""

    def __init__(self, home: str, timeout: float) -> None:
        self._config = os.path.join(home, "gitconfig")
        self._timeout = timeout

    def text(self, *arguments: str, folder: str | None = None, check: bool = True) -> str:
        """Run git in *folder* and return what it printed; without *check*, "" when it fails.

        Raises:
            GitError: It failed or took too long.
            GitAwayError: It failed because of the network.
            TransientError: git is missing, or the disk is full.
        """
        return self.run(*arguments, folder=folder, check=check).decode("utf-8", "replace")

    def run(self, *arguments: str, folder: str | None = None, stdin: bytes = b"", check: bool = True) -> bytes:
        """Run git as `text` does, with *stdin*, and return its output as bytes."""
        try:
            done = subprocess.run(  # noqa: S603  a list of arguments, URLs behind "--"
                ["git", *arguments],  # noqa: S607  whichever git the operator installed
                cwd=folder,
                env=self._environment(),
                input=stdin,
                capture_output=True,
                timeout=self._timeout,
                check=False,
            )
        except FileNotFoundError as error:
            raise TransientError(f"git cannot be run on the fetcher's machine: {error}") from error
        except subprocess.TimeoutExpired as error:
            raise GitError(f"git {arguments[0]} took longer than {self._timeout:g} s") from error
        if done.returncode == 0:
            return done.stdout
        if not check:
            return b""
        raise _judged(done.stderr.decode("utf-8", "replace"))

    def _environment(self) -> dict[str, str]:
        """Return variables with which git never prompts."""
        if not os.path.exists(self._config):
            os.makedirs(os.path.dirname(self._config), exist_ok=True)
            with open(self._config, "w", encoding="utf-8") as file:
                file.write(CONFIG)
        return {
            **{name: value for name, value in os.environ.items() if name not in PLACES},
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "true",
            "GIT_SSH_COMMAND": "ssh -oBatchMode=yes -oConnectTimeout=15",
            "GIT_ALLOW_PROTOCOL": PROTOCOLS,
            "GIT_CONFIG_GLOBAL": self._config,
            "LC_ALL": "C.UTF-8",
        }


def _judged(complaint: str) -> GitError | TransientError:
    """Return the error behind git's complaint: a full disk, the network, or the repository itself."""
    if "No space left on device" in complaint:
        return TransientError(f"the fetcher's disk is full: {complaint.strip()}")
    lines = [line.removeprefix("fatal: ").strip() for line in complaint.splitlines() if line.strip()]
    words = "; ".join(lines[:3]) or "git failed without a message"
    return GitAwayError(words) if UNREACHABLE.search(complaint) else GitError(words)
