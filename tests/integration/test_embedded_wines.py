"""The first thing that a newcomer does: `trainyard run examples/wines`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

WINES = Path(__file__).parents[2] / "examples" / "wines"


def test_wines_clear_their_bar_within_three_trials(tmp_path: Path) -> None:
    """From a network that learns little to at least 0.90, with a model, a patch and the reason for each change."""
    process = subprocess.run(
        [str(Path(sys.executable).with_name("trainyard")), "run", str(WINES)],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if not name.startswith("TRAINYARD_")},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )

    assert process.returncode == 0, process.stdout + process.stderr
    (results,) = (tmp_path / ".trainyard" / "jobs").iterdir()
    job = json.loads((results / "job.json").read_text())
    assert job["best"] >= 0.90
    assert job["trials"] <= 3
    assert job["history"][0]["measurement"]["value"] < 0.80
    assert (results / "modelsave.h5").stat().st_size > 0
    assert "scale inputs: " in process.stdout
    assert "on TRAINING data" in process.stdout, "the script evaluates on what it trained on, and that is said"
