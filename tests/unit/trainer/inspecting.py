"""What the tests of inspection share."""

import json
from collections.abc import Mapping

import pytest

from services.trainer.inspection import Plan, inspect
from trainyard.errors import SubmissionError
from trainyard.policy import Policy


def inspected(files: Mapping[str, str], policy: Policy | None = None) -> Plan:
    """Inspect a bundle of texts, wherever its imports come from."""
    return inspect({path: text.encode() for path, text in files.items()}, policy or Policy(), provides=lambda _: True)


def refused(files: Mapping[str, str], policy: Policy | None = None) -> SubmissionError:
    """Return why a bundle is refused."""
    with pytest.raises(SubmissionError) as error:
        inspected(files, policy)
    return error.value


def notebook(*cells: str) -> str:
    """Return a notebook with these code cells."""
    return json.dumps({"nbformat": 4, "cells": [{"cell_type": "code", "source": cell} for cell in cells]})
