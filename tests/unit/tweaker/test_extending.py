"""A package's own edits and strategies, as docs/extending.md shows them: its very code is installed and used."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "extending.md").read_text()

SCRIPT = """\
from keras.layers import Dense
from keras.models import Sequential

model = Sequential([Dense(8, activation='relu'), Dense(1, activation='sigmoid')])
model.compile(loss='binary_crossentropy', metrics=['accuracy'])
model.fit(X, y, epochs=5)
print(model.evaluate(A, b)[1])
"""

DECIDE = """\
import json, sys
from services.tweaker.search.decide import decide
from trainyard.policy import Policy
from trainyard.trial import Measurement, Trial

code, settings = json.load(sys.stdin)
trial = Trial(trial=1, measurement=Measurement(value=0.5, data="test"), facts={"entrypoint": "train.py"})
decision = decide([trial], {1: {"train.py": code.encode()}}, Policy(**settings))
found = decision.candidate
script = found.files["train.py"].decode() if found else decision.why
print(json.dumps([script, [tweak.reason for tweak in found.tweaks] if found else []]))
"""


def blocks(language: str) -> list[str]:
    """Return the page's pieces of code in one language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def entry_points(toml: str) -> str:
    """Write the entry points of a pyproject.toml as an installed package has them."""
    sections = re.sub(r'\[project\.entry-points\."(.*?)"\]', r"[\1]", toml)
    return "\n".join(line.replace('"', "") for line in sections.splitlines() if not line.startswith("#"))


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder in which the page's package is installed."""
    (tmp_path / "house_rules.py").write_text("\n".join(blocks("python")))
    told = tmp_path / "house_rules-1.0.dist-info"
    told.mkdir()
    (told / "METADATA").write_text("Metadata-Version: 2.1\nName: house-rules\nVersion: 1.0\n")
    (told / "entry_points.txt").write_text(entry_points(blocks("toml")[0]))
    return tmp_path


def decided(site: Path, **settings: Any) -> tuple[str, list[str]]:
    """Return the script of the next trial and the reasons of its tweaks, decided where the package is installed."""
    path = os.pathsep.join([str(site), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-c", DECIDE],
        input=json.dumps([SCRIPT, settings]),
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    code, reasons = json.loads(done.stdout)
    return code, reasons


def test_a_strategy_is_found_by_its_name(site: Path) -> None:
    """It chooses, and its words reach the author."""
    code, reasons = decided(site, strategy="patient")

    assert code == SCRIPT.replace("epochs=5", "epochs=10")
    assert reasons == ["It may only need more time; 10 epochs instead of 5."]


def test_an_edit_is_tried_by_our_strategies(site: Path) -> None:
    """Random search turns its knob like any of ours."""
    code, _ = decided(site, strategy="random", tweaks=["hidden_activation"], seed=3)

    assert code in {SCRIPT.replace("'relu'", "'gelu'"), SCRIPT.replace("'relu'", "'elu'")}


def test_what_is_no_strategy_is_said_by_its_package(site: Path) -> None:
    """The operator reads which package is wrong."""
    (site / "house_rules.py").write_text("EDIT = 3\nSTRATEGY = 4\n")

    with pytest.raises(AssertionError, match=r"house_rules:.*, which house-rules offers, is no"):
        decided(site)


def test_an_unknown_strategy_is_said_with_those_there_are(site: Path) -> None:
    """A slip of the pen ends the job with what could have been meant."""
    why, _ = decided(site, strategy="patience")

    assert why.startswith('There is no strategy "patience"')
    assert "patient" in why
