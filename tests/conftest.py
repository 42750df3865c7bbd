"""What kind of test each is, and how the tests are shared out when several processes run them."""

import os
import sys
from collections.abc import Iterator
from fnmatch import fnmatch

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.contract.brokers import running_broker

# Hundreds of processes import the same modules: what they compile is kept, whatever this machine's settings.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

__all__ = ["running_broker"]  # one for all tests of a process

KINDS = {
    "tests/e2e/*": "stack",
    "tests/contract/*": "engine",
    "tests/integration/test_cli_remote.py": "engine",
    "tests/integration/test_monitor_resumes.py": "engine",
    "tests/integration/test_notifier_mail.py": "engine",
    "tests/integration/test_trainer_service.py": "engine",
    "tests/unit/test_alert_rules.py": "engine",
    "tests/integration/*": "probe",
    "tests/scripts/test_scripts.py": "probe",
    "tests/unit/*/test_*_runs.py": "probe",
    "tests/unit/test_examples.py": "probe",
    "tests/unit/trainer/test_telltales.py": "probe",
    "tests/unit/trainprobe/*": "probe",
    "*": "unit",
}
"""The marker of a test by its file; the first that fits counts, and one that the test has itself counts more."""

LONGEST = (
    "tests/unit/trainprobe/test_resume_forms.py",
    "tests/contract/test_bus*",
    "tests/unit/trainprobe/test_continue.py",
    "tests/unit/trainprobe/test_compat_*",
    "tests/integration/test_search_benchmark.py",
    "tests/unit/tweaker/test_*_runs.py",
    "tests/unit/test_examples.py",
    "tests/integration/*",
    "tests/contract/*",
    "tests/unit/tweaker/test_codemods.py",
    "tests/unit/tweaker/test_strategies.py",
    "tests/unit/trainprobe/*",
    "tests/scripts/*",
    "*",
)
"""Files in the order in which they are begun, so that no process is left alone with a long one in the end."""

STACK = tuple(f"tests/e2e/test_{name}.py" for name in ("broken_code", "crashes", "metrics", "passing"))
"""Files that share a running stack."""

BROKERS = ("tests/contract/test_bus*", "tests/contract/test_parking.py", "tests/integration/test_cli_remote.py")
"""Files that share a broker."""


class Shares(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """Keeps the tests of a file in one process, where they share what is dear to make."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path == "tests/scripts/test_scripts.py":
            return nodeid
        if _first(path, STACK) < len(STACK):
            return "stack"
        return "broker" if _first(path, BROKERS) < len(BROKERS) else path


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Shares:
    """Share out whole files, files that belong together, and scripts one by one."""
    config.option.loadscopereorder = False
    return Shares(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Give each test its marker, and put long files first of those that were chosen and shuffled."""
    for item in items:
        own = [marker.name for marker in item.iter_markers() if marker.name in KINDS.values()]
        if not own:
            item.add_marker(next(kind for pattern, kind in KINDS.items() if fnmatch(_path(item), pattern)))
        assert len(own) <= 1, f"{item.nodeid} is of several kinds: {own}"
    yield
    items.sort(key=lambda item: _first(_path(item), LONGEST))


def _path(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _first(path: str, patterns: tuple[str, ...]) -> int:
    """Return the number of the first pattern that fits, or how many there are."""
    return next((number for number, pattern in enumerate(patterns) if fnmatch(path, pattern)), len(patterns))
