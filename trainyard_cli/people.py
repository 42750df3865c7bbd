"""Who is at the keyboard."""

from __future__ import annotations

import getpass


def whoami() -> str:
    """Return the login name, or "" where the system knows none, as in a bare container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
