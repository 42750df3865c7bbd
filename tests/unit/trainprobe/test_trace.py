"""On which data a measurement is taken."""

from typing import Any, get_args

import numpy as np
import pytest

from trainprobe.data.kind import DataKind
from trainprobe.trace import Trace
from trainyard import trial

ROWS = np.arange(60.0).reshape(20, 3)
LABELS = np.arange(20) % 3


class Model:
    """Stands for any model; only its identity counts."""


class Dataset:
    """Has no content that could be looked at, as one of ``tf.data``."""


class TestData:
    def test_has_the_kinds_of_the_messages(self) -> None:
        """A fold is reported as test data where no loop over folds is recognised."""
        assert {kind.reported.value for kind in DataKind} == set(get_args(trial.DataKind))

    @pytest.mark.parametrize(
        ("fitted", "measured", "data"),
        [
            (ROWS, ROWS + 1, "test"),
            (ROWS, ROWS[5:9].copy(), "train"),
            (Dataset(), ROWS, "unknown"),
            (ROWS, Dataset(), "unknown"),
            (Dataset(), Dataset(), "unknown"),
        ],
    )
    def test_is_a_test_only_where_both_sides_can_be_compared(self, fitted: Any, measured: Any, data: str) -> None:
        """What can't be looked at may be anything."""
        trace, model = Trace(), Model()
        trace.add_fit("keras", model, fitted, None)

        assert trace.kind_of(model, measured) == data

    def test_is_training_data_where_it_is_the_same_dataset(self) -> None:
        """Identity needs no content."""
        trace, model, dataset = Trace(), Model(), Dataset()
        trace.add_fit("keras", model, dataset, None)

        assert trace.kind_of(model, dataset) == "train"

    @pytest.mark.parametrize(("fitted", "data"), [(LABELS, "test"), (None, "unknown")])
    def test_is_told_by_labels_only_where_some_were_fitted(self, fitted: Any, data: str) -> None:
        """A dataset brings its labels along unseen."""
        trace, model = Trace(), Model()
        trace.add_fit("keras", model, None, fitted)

        assert trace.kind_of(None, None, LABELS[:7].copy()) == data
