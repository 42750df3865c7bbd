"""The tell-tales of older libraries, compared with the libraries that are installed."""

import json
import subprocess
import sys
from typing import Any

import pytest

from services.trainer.inspection.compat import telltales

LOOK = """
import importlib, json, sys, warnings
warnings.simplefilter("ignore")

def there(name):
    parts = name.split(".")
    found = importlib.import_module(parts[0])
    for count, part in enumerate(parts[1:], 2):
        try:
            found = getattr(found, part)
        except Exception:
            try:
                found = importlib.import_module(".".join(parts[:count]))
            except Exception:
                return False
    return True

json.dump([name for name in json.load(sys.stdin) if there(name)], sys.stdout)
"""


def there(names: list[str]) -> list[str]:
    """Return which of the names the installed libraries have."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK], input=json.dumps(names), capture_output=True, text=True, timeout=200, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def present() -> set[str]:
    """Every name that is there, of all tables."""
    tables: list[Any] = [gone(), kept(), modern()]
    return set(there(sorted({name for table in tables for name in table})))


def gone() -> list[str]:
    """Return the full names that must not be there."""
    old = [f"{root}.{name}" for name in telltales.NAMES for root in ("keras", "tensorflow.keras")]
    old += [f"keras.{name}" for name in telltales.STANDALONE_NAMES]
    old += [f"tensorflow.{name}" for name in telltales.TENSORFLOW_1]
    return [*old, *telltales.OTHERS - telltales.SEPARATE]


def kept() -> list[str]:
    """Return the full names that must be there."""
    return [f"keras.{module}.{name}" for module, names in telltales.KEPT.items() for name in names]


def modern() -> list[str]:
    """Return what only Keras 3 has."""
    return [f"keras.{name}" for name in telltales.MODERN]


class TestTables:
    def test_name_only_what_is_gone(self, present: set[str]) -> None:
        """A name that still works would cost a script its newest Keras."""
        assert sorted(present & set(gone())) == []

    def test_keep_only_what_is_there(self, present: set[str]) -> None:
        """And a name that is taken to be there and is not would let a script fail."""
        assert sorted(set(kept() + modern()) - present) == []
