"""The counters of the author's Keras callbacks: what makes early stopping stop at the same epoch after a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from trainprobe.hooks import keras_state


class EarlyStopping:
    """Shaped like the callback of Keras, as far as its state goes."""

    def __init__(self, **state: Any) -> None:
        self.model = object()
        self.monitor = "loss"
        self.monitor_op = np.less
        self.wait = 0
        self.best: Any = None
        self.best_weights: Any = None
        self.__dict__.update(state)


class TestCounters:
    def test_come_back(self) -> None:
        """How long it has waited, and the best value so far, as plain numbers."""
        saved = keras_state.counters_of([EarlyStopping(wait=4, best=np.float32(0.5))])
        fresh = EarlyStopping()

        keras_state.restore_counters([fresh], saved)

        assert (fresh.wait, fresh.best) == (4, 0.5)

    def test_are_plain_numbers_only(self) -> None:
        """Models, functions and settings stay as the script made them."""
        assert keras_state.counters_of([EarlyStopping()]) == [
            {"class": "EarlyStopping", "counters": {"wait": 0, "best": None, "best_weights": None}}
        ]

    def test_belong_to_callbacks_of_the_same_class(self) -> None:
        """Another callback in the same place keeps its own."""
        fresh = EarlyStopping()

        keras_state.restore_counters([fresh], [{"class": "LearningRateScheduler", "counters": {"wait": 4}}])

        assert fresh.wait == 0


class TestBestWeights:
    def test_come_back_in_order(self) -> None:
        """Also where there are more than ten."""
        weights = [np.full(2, number) for number in range(12)]
        arrays = keras_state.best_weights_of([EarlyStopping(), EarlyStopping(best_weights=weights)])
        fresh = [EarlyStopping(), EarlyStopping()]

        keras_state.restore_best_weights(fresh, arrays)

        assert fresh[0].best_weights is None
        np.testing.assert_array_equal(fresh[1].best_weights, weights)


class TestFiles:
    def test_are_those_with_a_fixed_name(self) -> None:
        """A name with the epoch in it is another file each time."""
        callbacks = [EarlyStopping(), EarlyStopping(filepath="best.keras"), EarlyStopping(filepath="at-{epoch}.keras")]

        assert list(keras_state.files_of(callbacks)) == [Path("best.keras")]
