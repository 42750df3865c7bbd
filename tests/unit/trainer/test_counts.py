"""What the operator watches of the trainer."""

import re

from prometheus_client import generate_latest

from services.trainer.adapters.counts import PrometheusCounts


def shown(name: str) -> dict[str, float]:
    """Return the series of a metric, labels to value."""
    lines = re.findall(rf"^{name}\{{(.*)\}} (\S+)$", generate_latest().decode(), re.MULTILINE)
    return {labels: float(value) for labels, value in lines}


class TestPrometheusCounts:
    def test_shows_every_series_from_the_start(self) -> None:
        """Rates and alerts see the first event; no label is open."""
        PrometheusCounts(3)

        assert len(shown("trainyard_trainings_total")) == 9 * 5
        assert len(shown("trainyard_training_duration_seconds_count")) == 9
        assert set(shown("trainyard_image_builds_total")) == {
            f'kind="{kind}",outcome="{outcome}"'
            for kind in ("sklearn", "ann", "cnn", "torch", "python311", "python37", "keras2", "own")
            for outcome in ("built", "failed")
        }
        assert set(shown("trainyard_slots")) == {'state="used"', 'state="total"'}

    def test_counts_trainings_by_kind_and_outcome(self) -> None:
        """A success has a duration, a crash has none."""
        counts = PrometheusCounts(2)
        before = shown("trainyard_trainings_total"), shown("trainyard_training_duration_seconds_count")

        counts.ended("knn", "succeeded", 12.0)
        counts.ended("knn", "crashed")

        after = shown("trainyard_trainings_total"), shown("trainyard_training_duration_seconds_count")
        rises = [
            {key: now[key] - was[key] for key in now if now[key] != was[key]}
            for was, now in zip(before, after, strict=True)
        ]
        assert rises == [
            {'kind="knn",outcome="succeeded"': 1.0, 'kind="knn",outcome="crashed"': 1.0},
            {'kind="knn"': 1.0},
        ]

    def test_notes_looks_slots_and_builds(self) -> None:
        """The gauges follow, and the look is a time."""
        counts = PrometheusCounts(2)
        built = shown("trainyard_image_builds_total")['kind="ann",outcome="built"']

        counts.slots(1, 2)
        counts.built("ann", "built")
        counts.looked()

        assert shown("trainyard_slots")['state="used"'] == 1.0
        assert shown("trainyard_image_builds_total")['kind="ann",outcome="built"'] == built + 1
        assert shown("trainyard_reconcile_timestamp_seconds")['service="trainer"'] > 1e9
