"""The picture of the curves."""

import io

import pytest
from matplotlib.image import imread

from services.notifier.adapters.rendering import MailRenderer
from services.notifier.chart import Chart, Line


def a_chart(*lines: Line, title: str = "wines", metric: str = "accuracy") -> Chart:
    return Chart(title=title, metric=metric, lines=lines, threshold=0.9, threshold_label="threshold 0.90")


class TestPicture:
    @pytest.mark.parametrize(
        "chart",
        [
            a_chart(Line("trial 1", (1, 2, 3), (0.1, None, 0.3)), Line("trial 2", (1, 2), (0.4, 0.9))),
            a_chart(Line("trial 1", (1,), (0.95,))),
            a_chart(Line("trial 1", (1, 2), (0.1, 0.2)), title="costs $\\frac{", metric="$x_{"),
        ],
        ids=["two trials with a gap", "one epoch", "what looks like a broken formula"],
    )
    def test_is_wide_enough_to_read(self, chart: Chart) -> None:
        """And has something in it besides white."""
        pixels = imread(io.BytesIO(MailRenderer().picture(chart)), format="png")

        assert pixels.shape[0] > 300
        assert pixels.shape[1] > 700
        assert pixels.min() < 0.5
