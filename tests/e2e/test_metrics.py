"""What Grafana shows is there."""

import json
import re

import pytest

from tests.e2e.stack import ROOT, SERVICES, Stack, eventually

pytestmark = pytest.mark.timeout(900)  # the first job of a kind builds its image

FINE = """
from sklearn.datasets import load_iris
from sklearn.neighbors import KNeighborsClassifier

X, y = load_iris(return_X_y=True)
model = KNeighborsClassifier().fit(X[::2], y[::2])
acc = model.score(X[1::2], y[1::2])
"""

DASHBOARD = json.loads((ROOT / "deploy/grafana/dashboards/overview.json").read_text())


def expressions() -> list[str]:
    """Return every expression of every panel, with Grafana's variables filled in."""
    targets = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", [])]
    return [re.sub(r"\$__(rate_)?interval|\$__range", "5m", expression) for expression in targets]


@pytest.fixture(scope="module")
def scraped(stack: Stack) -> Stack:
    """A stack whose Prometheus has seen a job from its start to its end."""
    stack.finished(stack.submit(stack.script("measured", {"train.py": FINE})))
    eventually(
        lambda: any(
            float(series["value"][1]) > 0 for series in stack.query("increase(trainyard_jobs_finished_total[5m])")
        ),
        timeout=120,
        message="Prometheus has not seen the job's end",
    )
    return stack


class TestMetrics:
    def test_prometheus_scrapes_every_service_and_the_broker(self, scraped: Stack) -> None:
        """No target is down."""
        up = {series["metric"]["instance"].partition(":")[0]: series["value"][1] for series in scraped.query("up")}

        assert {name for name, value in up.items() if value != "1"} == set()
        assert {*SERVICES, "rabbitmq"} <= set(up)

    def test_the_dashboard_has_panels(self) -> None:
        """There is something to check."""
        assert len(expressions()) >= 10

    @pytest.mark.parametrize("expression", expressions())
    def test_every_panel_has_data(self, expression: str, scraped: Stack) -> None:
        """An expression that returns nothing would be an empty panel."""
        assert scraped.query(expression), expression
