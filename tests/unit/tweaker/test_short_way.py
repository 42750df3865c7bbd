"""To change one number, a reader need not open many files."""

import sys
from pathlib import Path
from types import FrameType

import pytest

from services.tweaker.edits.registry import edits
from services.tweaker.source.script import Script

ROOT = Path(__file__).parents[3]
MOST = 8
SCRIPT = (
    "from tensorflow import keras\nEPOCHS = 5\n"
    "model = keras.Sequential([keras.layers.Dense(1)])\nmodel.compile('adam', 'mse')\nmodel.fit(x, y, epochs={})\n"
)


@pytest.mark.parametrize("given", ["5", "EPOCHS"])
def test_the_edit_of_the_epochs_enters_few_files(given: str) -> None:
    """From the edit to the changed literal, our functions that run are in at most eight files."""
    entered: set[str] = set()

    def record(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            entered.add(frame.f_code.co_filename)

    script, edit = Script(SCRIPT.format(given).encode()), edits()["epochs"]
    before = sys.getprofile()
    sys.setprofile(record)
    try:
        changed = edit.apply(script, 50)
    finally:
        sys.setprofile(before)

    assert b"50" in changed["main.py"]
    ours = {file for file in entered if file.startswith((f"{ROOT}/services/", f"{ROOT}/trainyard_analysis/"))}
    assert len(ours) <= MOST, sorted(ours)
