"""Runs a notebook as a notebook: nbclient feeds its cells to a kernel that is watched like a script."""
