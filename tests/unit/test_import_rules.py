"""The rules about who may import whom are only worth something if they catch a violation."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("trainyard", "trainyard_analysis", "trainprobe", "services", "trainyard_cli")

PLANTED = {
    "command, services, trainyard_analysis, then trainyard and trainprobe, which ignore each other": (
        "trainyard/marks.py",
        "import services.fetcher",
    ),
    "services never import each other": ("services/notifier/domain.py", "import services.evaluator.domain"),
    "inside a service, imports point inwards": ("services/evaluator/domain.py", "import services.evaluator.handlers"),
    "the tweaker's search stands on rules, rules on edits and diagnosis, and everything on the author's source": (
        "services/tweaker/guard/compare.py",
        "import services.tweaker.edits.knobs",
    ),
    "inside trainprobe, imports point from the run down to the data": (
        "trainprobe/data/content.py",
        "import trainprobe.watch",
    ),
    "inside the command, imports point from the verbs down to what is drawn": (
        "trainyard_cli/view/lines.py",
        "import trainyard_cli.jobs",
    ),
    "only adapters touch the outside world": ("services/tweaker/handlers.py", "import subprocess"),
    "pika only in trainyard.bus.rabbit": ("services/monitor/bootstrap.py", "import pika"),
    "docker only in the engine's connection": ("services/trainer/bootstrap.py", "import docker"),
    "Optuna only in the tweaker": ("services/trainer/handlers.py", "import optuna"),
    "LibCST only in the tweaker": ("services/trainer/handlers.py", "import libcst"),
    "the terminal's libraries only in the command": ("services/evaluator/handlers.py", "import rich"),
    "the command knows services by their bootstrap only": ("trainyard_cli/main.py", "import services.trainer.handlers"),
    "trainprobe needs nothing but the standard library": ("trainprobe/__init__.py", "import numpy"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the code with one violation of each rule planted in it."""
    copy = tmp_path_factory.mktemp("planted")
    shutil.copy(ROOT / "pyproject.toml", copy)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    for file, line in PLANTED.values():
        with (copy / file).open("a") as source:
            source.write(f"\n{line}\n")
    lint = Path(sys.executable).with_name("lint-imports")
    wide = {**os.environ, "COLUMNS": "250"}  # it wraps at the terminal's width
    done = subprocess.run([lint, "--no-cache"], cwd=copy, env=wide, capture_output=True, text=True, check=False)
    return re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)


class TestImportRules:
    def test_every_rule_has_a_planted_violation(self) -> None:
        """A new rule comes with the violation that it must catch."""
        rules = re.findall(
            r'\[\[tool\.importlinter\.contracts\]\]\nname = "(.*)"', (ROOT / "pyproject.toml").read_text()
        )

        assert sorted(PLANTED) == sorted(rules)

    @pytest.mark.parametrize("rule", PLANTED)
    def test_catches_a_planted_violation(self, rule: str, report: str) -> None:
        """The rule is reported as broken, by the very import that was planted."""
        file, line = PLANTED[rule]
        importer, imported = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__"), line.split()[-1]

        _, _, details = report.partition(f"\n{rule}\n{'-' * len(rule)}\n")

        assert f"{rule} BROKEN" in report, report
        assert f"{importer} -> {imported}" in details, details
