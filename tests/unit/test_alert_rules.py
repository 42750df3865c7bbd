"""The alert rules, checked by Prometheus' own tool; their cases are in deploy/prometheus/rules.test.yml."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.requirements import cannot_run

FOLDER = Path(__file__).parents[2] / "deploy/prometheus"
IMAGE = "prom/prometheus:v2.53.3"
RULES = [rule for group in yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"] for rule in group["rules"]]


def succeeds(*command: str) -> bool:
    """Return whether a command can be run and succeeds."""
    return (
        shutil.which(command[0]) is not None
        and not subprocess.run(command, capture_output=True, check=False).returncode
    )


@pytest.fixture(scope="module")
def promtool() -> list[str]:
    """Return the words that run promtool in the rules' folder: the machine's own, or the one in the image."""
    if shutil.which("promtool"):
        return ["promtool"]
    if not succeeds("docker", "image", "inspect", IMAGE):
        cannot_run("neither promtool nor its image is here: deploy/prepare gets the image")
    folder = f"{FOLDER}:/rules:ro"
    return ["docker", "run", "--rm", "--volume", folder, "--workdir", "/rules", "--entrypoint", "promtool", IMAGE]


class TestRules:
    @pytest.mark.parametrize(
        "words", [["check", "rules", "rules.yml"], ["test", "rules", "rules.test.yml"]], ids=" ".join
    )
    def test_satisfy_promtool(self, promtool: list[str], words: list[str]) -> None:
        """Each rule is valid, and each case fires, or stays silent, with the text it should."""
        done = subprocess.run([*promtool, *words], cwd=FOLDER, capture_output=True, text=True, check=False)

        assert done.returncode == 0, done.stdout + done.stderr

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
    def test_says_what_to_do(self, rule: dict[str, dict[str, str]]) -> None:
        """Whoever is called at night reads what happened and what to do."""
        assert set(rule["annotations"]) == {"summary", "remedy"}
        assert set(rule["labels"]) == {"severity"}

    @pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
    def test_has_a_case(self, rule: dict[str, str]) -> None:
        """No rule is untested."""
        cases = yaml.safe_load((FOLDER / "rules.test.yml").read_text())["tests"]
        fired = {each["alertname"] for case in cases for each in case["alert_rule_test"] if each.get("exp_alerts")}

        assert rule["alert"] in fired
