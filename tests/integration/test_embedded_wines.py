"""The first thing that a newcomer does: `trainyard run examples/wines`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.integration.commands import TRAINYARD, run

WINES = Path(__file__).parents[2] / "examples" / "wines"


def test_wines_clear_their_bar_within_three_trials(tmp_path: Path) -> None:
    """From a network that learns little to at least 0.90, with a model, a patch and the reason for each change."""
    printed = run(tmp_path, TRAINYARD, "run", str(WINES))

    (results,) = (tmp_path / ".trainyard" / "jobs").iterdir()
    job = json.loads((results / "job.json").read_text())
    assert job["best"] >= 0.90
    assert job["trials"] <= 3
    assert job["history"][0]["measurement"]["value"] < 0.80
    assert (results / "modelsave.h5").stat().st_size > 0
    assert "scale inputs: " in printed
    assert "on TRAINING data" in printed, "the script evaluates on what it trained on, and that is said"
