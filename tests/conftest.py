"""How the tests are shared out when several processes run them."""

from __future__ import annotations

from pathlib import Path

import pytest

TOGETHER = ("e2e", "scripts")
"""Folders whose tests share one stack, or one runner of containers."""


@pytest.hookimpl(tryfirst=True)  # xdist reads the groups at the same moment
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process, where they share what is dear to make."""
    here = Path(__file__).parent
    for item in items:
        path = item.path.relative_to(here)
        item.add_marker(pytest.mark.xdist_group(path.parts[0] if path.parts[0] in TOGETHER else str(path)))
