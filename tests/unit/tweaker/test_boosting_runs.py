"""Edited scripts of XGBoost, LightGBM and CatBoost are run for real where there is a Python that has these."""

import json
import subprocess
import tempfile
from collections.abc import Sequence

import pytest

from tests.unit.trainprobe.patterns import Python
from tests.unit.tweaker import boosting_scripts as boosting
from tests.unit.tweaker.cases.on_boosting import CASES
from tests.unit.tweaker.editing import edited
from trainyard.trial import Setting

LIMIT_SECONDS = 300
RUNNER = """
import contextlib, io, json, sys
for source in json.load(sys.stdin):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        exec(compile(source, "train.py", "exec"), {"__name__": "__main__"})
    print(float(output.getvalue().split()[-1]))
"""


def accuracies(library: str, scripts: Sequence[bytes]) -> list[float]:
    """Run the scripts one after the other and return the last number that each prints."""
    python = Python.with_library(library)
    with tempfile.TemporaryDirectory() as folder:  # CatBoost leaves its logs where it is started
        done = subprocess.run(
            [python.path, "-c", RUNNER],
            cwd=folder,
            input=json.dumps([script.decode() for script in scripts]),
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return [float(line) for line in done.stdout.split()]


@pytest.mark.parametrize("library", ["xgboost", "lightgbm", "catboost"])
def test_every_edited_script_runs(library: str) -> None:
    """The library takes the new value where it stands now, and the script measures as before."""
    cases = [case for name, case in CASES.items() if name.startswith(library)]

    found = accuracies(library, [edited(case.edit, case.setting, case.script) for case in cases])

    assert len(found) == len(cases)
    assert all(0 <= value <= 1 for value in found)


@pytest.mark.parametrize(
    ("library", "script", "edits"),
    [
        ("xgboost", boosting.XGBOOST, [("estimators", 50), ("depth", 4), ("learning_rate", 0.3), ("leaves", 16)]),
        ("xgboost", boosting.XGBOOST_TRAINED, [("estimators", 50), ("depth", 4), ("learning_rate", 0.3)]),
        ("lightgbm", boosting.LIGHTGBM, [("estimators", 50), ("leaf", 5), ("leaves", 15)]),
        ("lightgbm", boosting.LIGHTGBM_TRAINED, [("estimators", 50), ("leaves", 15)]),
        ("catboost", boosting.CATBOOST, [("estimators", 50), ("learning_rate", 0.1), ("depth", 4)]),
    ],
)
def test_a_script_in_disrepair_is_mended(library: str, script: bytes, edits: Sequence[tuple[str, Setting]]) -> None:
    """What was far off reaches 90 %."""
    after = script
    for name, setting in edits:
        after = edited(name, setting, after)

    before, mended = accuracies(library, [script, after])

    assert before < 0.85
    assert mended >= 0.9
