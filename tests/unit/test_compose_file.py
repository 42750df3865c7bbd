"""What docker-compose.yml promises: what is published, who holds the engine's socket, which images can be made here."""

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
AIRGAP = ROOT / "deploy/airgap"
SERVICES = {"fetcher", "trainer", "evaluator", "tweaker", "notifier", "monitor"}
SECRETS = re.compile(r"password|pass$", re.IGNORECASE)


def load(path: Path) -> dict[str, Any]:
    """Read a YAML file."""
    return dict(yaml.safe_load(path.read_text()))


COMPOSE: dict[str, Any] = load(ROOT / "docker-compose.yml")
STACK: dict[str, dict[str, Any]] = COMPOSE["services"]
RECIPES = dict(line.split() for line in (AIRGAP / "tags").read_text().splitlines())
DASHBOARDS = sorted((ROOT / "deploy/grafana/dashboards").glob("*.json"))


def published() -> list[tuple[str, str]]:
    """Return each published port as its service and compose's words for it."""
    return [(name, port) for name, service in STACK.items() for port in service.get("ports", [])]


def scraped() -> set[str]:
    """Return the targets that Prometheus scrapes, as host:port."""
    jobs = load(ROOT / "deploy/prometheus/prometheus.yml")["scrape_configs"]
    return {target for job in jobs for group in job["static_configs"] for target in group["targets"]}


class TestPorts:
    @pytest.mark.parametrize(("service", "port"), published())
    def test_is_published_on_loopback_only(self, service: str, port: str) -> None:
        """Nothing answers to the network unless the operator puts a proxy before it."""
        assert port.startswith("127.0.0.1:"), f"{service} publishes {port}"

    def test_only_what_people_need_is_published(self) -> None:
        """Pages, the upload of archives, and AMQP for the command; the database and inner ports stay inside."""
        defaults = {re.sub(r"^127\.0\.0\.1:\$\{\w+:-(\d+)\}:\d+$", r"\1", port) for _, port in published()}

        assert defaults == {"5672", "15672", "8080", "8081", "9090", "3000", "1080"}


class TestEngineSocket:
    def test_only_trainer_and_monitor_hold_it(self) -> None:
        """Who may speak to the engine is root on the machine: two services have to be."""
        holders = {
            name for name, each in STACK.items() if any("docker.sock" in volume for volume in each.get("volumes", []))
        }

        assert holders == {"trainer", "monitor"}


class TestServices:
    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_comes_up_by_itself_and_stops_in_order(self, name: str) -> None:
        """A service waits for the topology, is checked, is started again, and has time to finish."""
        service = STACK[name]

        assert service["depends_on"]["topology"] == {"condition": "service_completed_successfully"}
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"] == ["CMD", "trainyard-healthy"]
        assert service["stop_grace_period"] == "45s"

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_has_a_broker_user_of_its_own(self, name: str) -> None:
        """The user is the service's name, so that its rights can be the least."""
        assert STACK[name]["environment"]["TRAINYARD_BROKER_URL"].startswith(f"amqp://{name}:")

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_gets_the_password_that_the_topology_sets(self, name: str) -> None:
        """One variable of the operator's environment is both."""
        set_by_topology = STACK["topology"]["environment"][f"TRAINYARD_BROKER_PASSWORD_{name.upper()}"]

        assert f":{set_by_topology}@" in STACK[name]["environment"]["TRAINYARD_BROKER_URL"]

    @pytest.mark.parametrize("name", sorted(SERVICES))
    def test_is_scraped(self, name: str) -> None:
        """Prometheus knows every service."""
        assert f"{name}:8000" in scraped()

    def test_only_the_topology_builds_the_image(self) -> None:
        """Seven builds of one image would be seven times the output; the rest never looks for it in a registry."""
        building = {name for name, service in STACK.items() if "build" in service}

        assert building == {"topology"}
        assert {STACK[name]["pull_policy"] for name in SERVICES} == {"never"}

    def test_the_image_holds_every_package(self) -> None:
        """What the wheel is made of is copied into the build that makes it, and stands in for itself before."""
        packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
        recipe = (ROOT / "images/service/Dockerfile").read_text()
        (early,) = re.findall(r"for package in (.+); do", recipe)

        context = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines()}

        assert set(packages["packages"]) <= context
        assert sorted(re.findall(r"^COPY (\w+) \1$", recipe, re.MULTILINE)) == sorted(packages["packages"])
        assert sorted(early.split()) == sorted(packages["packages"])

    @pytest.mark.parametrize("name", sorted(STACK))
    def test_sits_on_the_backplane_only(self, name: str) -> None:
        """Trainings have a network of their own, on which no part of the system answers."""
        assert STACK[name]["networks"] == ["backplane"]


class TestSecrets:
    @pytest.mark.parametrize("name", sorted(STACK))
    def test_comes_from_the_environment(self, name: str) -> None:
        """Each password can be set by the operator; the file holds local defaults only."""
        environment = STACK[name].get("environment", {})
        secrets = {key: value for key, value in environment.items() if SECRETS.search(key)}

        assert all(value.startswith("${TRAINYARD_") for value in secrets.values()), secrets


class TestAirGap:
    def test_every_image_has_a_recipe_except_grafana(self) -> None:
        """Whatever compose takes from a registry can be made without one, under the same name."""
        taken = {service["image"] for name, service in STACK.items() if name not in {"topology", *SERVICES}}

        assert {image for image in taken - set(RECIPES.values()) if not image.startswith("grafana/")} == set()

    @pytest.mark.parametrize("kind", ["service", "training"])
    def test_the_base_of_our_own_images_has_a_recipe(self, kind: str) -> None:
        """The service image and the training images stand on a base that can be made here."""
        bases = re.findall(r"^ARG PYTHON\d*=(.+)$", (ROOT / f"images/{kind}/Dockerfile").read_text(), re.MULTILINE)

        assert bases
        assert set(bases) <= set(RECIPES.values())

    @pytest.mark.parametrize("name", sorted(set(RECIPES) - {"debian", "debian12"}))
    def test_a_recipe_stands_on_the_base_that_trusts_this_machine(self, name: str) -> None:
        """Every other image comes from one of our Debians."""
        first = (AIRGAP / name / "Dockerfile").read_text().splitlines()[0]

        assert first.split()[:2] == ["FROM", RECIPES["debian12" if name in {"python311", "python37"} else "debian"]]

    def test_the_mail_catcher_is_the_same_program(self) -> None:
        """The package that is installed has the version that the tag names."""
        version = RECIPES["maildev"].partition(":")[2]

        assert f"maildev@{version}" in (AIRGAP / "maildev/Dockerfile").read_text()

    def test_the_override_leaves_out_grafana_and_brings_wheels(self) -> None:
        """A profile that nobody asks for keeps it from starting; builds get the wheels that this machine has."""
        wheels = f"./.trainyard/wheels:{STACK['trainer']['environment']['TRAINYARD_TRAINER_WHEELS']}:ro"

        assert load(AIRGAP / "compose.override.yml") == {
            "services": {"grafana": {"profiles": ["registry"]}, "trainer": {"volumes": [wheels]}}
        }

    @pytest.mark.parametrize(
        "script", ["airgap/engine", "airgap/build", "airgap/mirror", "airgap/wheels", "prepare", "up"]
    )
    def test_the_scripts_can_be_run(self, script: str) -> None:
        """They are executable."""
        assert os.access(ROOT / "deploy" / script, os.X_OK)


class TestDashboards:
    def test_there_is_an_overview(self) -> None:
        """Its uid is fixed, so that links to it stay."""
        assert [json.loads(path.read_text())["uid"] for path in DASHBOARDS] == ["trainyard-overview"]

    @pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
    def test_takes_its_data_source_from_a_variable(self, path: Path) -> None:
        """It can be imported where Prometheus has another name."""
        dashboard = json.loads(path.read_text())
        panels = [panel for panel in dashboard["panels"] if panel["type"] != "row"]

        assert [variable["type"] for variable in dashboard["templating"]["list"]] == ["datasource"]
        assert {panel["datasource"]["uid"] for panel in panels} == {"${datasource}"}
        assert {target["datasource"]["uid"] for panel in panels for target in panel["targets"]} == {"${datasource}"}

    @pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
    def test_explains_every_panel(self, path: Path) -> None:
        """A curve that nobody can read helps nobody."""
        panels = [panel for panel in json.loads(path.read_text())["panels"] if panel["type"] != "row"]

        assert [panel["title"] for panel in panels if not panel["description"]] == []

    def test_is_what_grafana_shows_first(self) -> None:
        """Compose names the file that is mounted there."""
        home = STACK["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]

        assert (ROOT / "deploy" / home.removeprefix("/etc/")).is_file()
