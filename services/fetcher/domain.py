"""Names: the job of a submission, and its title for people."""

import re
import uuid
from urllib.parse import unquote, urlsplit

from trainyard.messages import NAMESPACE, CodeSubmitted

BUNDLE = "bundle:"
FILE = "file://"
LONGEST_SLUG = 54
"""Characters of a job's title in its id: 63 less a hyphen and eight digits."""

_GIT = re.compile(r"^(https?|ssh|git)://[^\s]+$|^[\w.-]+@[\w.-]+:[^\s]+$")

_USER = re.compile(r"://[^/?#\s]*@")


def job_id(*, title: str, code: str, revision: str | None, commit: str, repeat: int) -> str:
    """Return the id of a job: the same for the same code at the same commit, and another one for each repeat."""
    source = "\n".join((normalized(code), revision or "", commit, str(repeat)))
    return f"{slug(title)}-{uuid.uuid5(NAMESPACE, source).hex[:8]}"


def slug(title: str) -> str:
    """Return a title in lower case letters, digits and hyphens; "job" where none remain."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:LONGEST_SLUG].strip("-") or "job"


def title_of(event: CodeSubmitted) -> str:
    """Return a short name for people: the submission's own, or the last part of its URL or folder."""
    code = redacted(event.code)
    if event.title:
        return event.title
    if code.startswith(BUNDLE):
        return "upload"
    path = folder_of(code) or urlsplit(code).path or code
    return path.rstrip("/").removesuffix(".git").rpartition("/")[2].rpartition(":")[2] or "job"


def folder_of(code: str) -> str | None:
    """Return the folder that *code* names, or None when it names something else."""
    if code.startswith(FILE):
        return unquote(urlsplit(code).path) or "/"
    return code if code.startswith("/") else None


def is_git(code: str) -> bool:
    """Return whether *code* is the URL of a git repository elsewhere."""
    return bool(_GIT.match(code))


def normalized(code: str) -> str:
    """Return a URL without passwords and without what does not distinguish repositories."""
    return redacted(code).rstrip("/").removesuffix(".git")


def redacted(code: str) -> str:
    """Return a URL, or a text with URLs in it, as it may be shown: without user names and passwords."""
    return _USER.sub("://", code)
