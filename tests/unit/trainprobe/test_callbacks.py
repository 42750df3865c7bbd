"""The state of the author's Keras callbacks: what makes early stopping stop at the same epoch after a crash."""

import json
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np

from trainprobe.hooks.on_keras.callbacks import AuthorsCallbacks
from trainprobe.training.arrays_in_json import Arrays


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


class CSVLogger:
    """Shaped like the callback of Keras, as far as its file goes."""

    def __init__(self, *, append: bool) -> None:
        self.filename = "log.csv"
        self.append = append


class Collector:
    """A callback of an author's own."""

    def __init__(self, data: Any = None) -> None:
        self.data = data
        self._seen: list[float] = []


def stored(callbacks: AuthorsCallbacks) -> tuple[Any, dict[str, Any]]:
    """Return their state as a checkpoint has it."""
    arrays = Arrays("a", foreign=callbacks.data)
    return json.loads(json.dumps(callbacks.state(arrays))), arrays.kept


def moved(before: Any, after: Any) -> None:
    """Give *after* the state of *before*."""
    state, arrays = stored(AuthorsCallbacks([before]))
    AuthorsCallbacks([after]).restore(state, arrays)


class TestState:
    def test_comes_back(self) -> None:
        """How long it has waited, and the best value so far."""
        fresh = EarlyStopping()

        moved(EarlyStopping(wait=4, best=np.float32(0.5)), fresh)

        assert (fresh.wait, fresh.best) == (4, 0.5)

    def test_holds_the_best_weights(self) -> None:
        """All of them, in order, also where there are more than ten."""
        weights = [np.full(2, number) for number in range(12)]
        fresh = EarlyStopping()

        moved(EarlyStopping(best_weights=weights), fresh)

        np.testing.assert_array_equal(fresh.best_weights, weights)

    def test_is_what_is_plain(self) -> None:
        """Models and functions stay as the script made them."""
        state, _ = stored(AuthorsCallbacks([EarlyStopping()]))

        assert state == [
            {
                "class": "EarlyStopping",
                "attributes": {"monitor": "loss", "wait": 0, "best": None, "best_weights": None},
            }
        ]

    def test_comes_back_into_the_lists_that_the_script_holds(self) -> None:
        """They are filled, not replaced; an author's private names count too."""
        before, fresh = Collector(), Collector()
        before._seen.extend([0.5, 0.25])
        held = fresh._seen

        moved(before, fresh)

        assert held == [0.5, 0.25]

    def test_leaves_out_the_data_that_was_there_before(self) -> None:
        """Held-out rows in a callback are no state, and need not be written again and again."""
        before = AuthorsCallbacks([Collector((np.zeros(3), np.ones(3)))])
        before.training_begins()
        before.callbacks[0].newer = np.arange(2)

        state, arrays = stored(before)

        assert set(state[0]["attributes"]) == {"_seen", "newer"}
        assert [array.tolist() for array in arrays.values()] == [[0, 1]]

    def test_belongs_to_callbacks_of_the_same_class(self) -> None:
        """Another callback in the same place keeps its own."""
        fresh = EarlyStopping()

        moved(Collector(), fresh)

        assert not hasattr(fresh, "_seen")

    def test_may_be_nested(self) -> None:
        """Lists, tuples, sets, queues and dictionaries, within each other."""
        nested = {3: [(1, "a"), {2.5}, deque([None, True]), {"x": [np.ones(2)]}]}
        fresh = EarlyStopping()

        moved(EarlyStopping(best=nested), fresh)

        ((key, (first, second, third, fourth)),) = fresh.best.items()
        assert (key, first, second, third) == (3, (1, "a"), {2.5}, deque([None, True]))
        np.testing.assert_array_equal(fourth["x"][0], np.ones(2))

    def test_that_contains_itself_is_left_out(self) -> None:
        """It must not stop the training."""
        endless: list[object] = []
        endless.append(endless)

        state, _ = stored(AuthorsCallbacks([EarlyStopping(best=endless)]))

        assert "best" not in state[0]["attributes"]


class TestFiles:
    def test_are_those_with_a_fixed_name(self) -> None:
        """A name with the epoch in it is another file each time."""
        callbacks = [
            EarlyStopping(filepath="best.keras"),
            EarlyStopping(filepath="at-{epoch}.keras"),
            CSVLogger(append=False),
        ]

        assert list(AuthorsCallbacks(callbacks).files()) == [Path("best.keras"), Path("log.csv")]

    def test_of_logs_are_added_to_when_a_fit_goes_on(self) -> None:
        """And begun anew, as the author had it, when it does not."""
        logger = CSVLogger(append=False)
        callbacks = AuthorsCallbacks([logger])

        callbacks.append_to_logs(wanted=True)
        going_on = logger.append
        callbacks.append_to_logs(wanted=False)

        assert (going_on, logger.append) == (True, False)


class TestGiven:
    def test_may_be_one_or_none_or_several(self) -> None:
        """Whatever ``fit`` takes."""
        one = EarlyStopping()

        assert AuthorsCallbacks(None).callbacks == []
        assert AuthorsCallbacks(one).callbacks == [one]
        assert AuthorsCallbacks((one, one)).callbacks == [one, one]
