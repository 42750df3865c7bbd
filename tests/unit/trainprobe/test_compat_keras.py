"""What old names and calls of Keras do is what they did."""

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.trainer.inspection.compat import telltales
from tests.unit.trainprobe import compat_checks
from tests.unit.trainprobe.probing import COMPAT, Trial

GRADIENTS = (0.5, -0.25, 0.125)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the checks found out, all in one process."""
    trial = Trial(
        tmp_path_factory.mktemp("checks") / "trial",
        {"train.py": compat_checks.KERAS},
        task={"compat": COMPAT, "args": sorted(telltales_of_inspection())},
    )
    finished = trial.run()
    path = trial.root / "code" / "found.json"
    assert path.exists(), finished.stderr
    errors = [event for event in trial.events(1) if event["event"] == "probe_error"]
    told = [event["shim"] for event in trial.events(1) if event["event"] == "compat"]
    return {**json.loads(path.read_text()), "errors": errors, "told": told}


def telltales_of_inspection() -> Iterator[str]:
    """Yield the names for which the inspection says that a script needs older Keras."""
    yield from (f"keras.{name}" for name in telltales.NAMES | telltales.STANDALONE_NAMES)
    yield from telltales.OTHERS


def adadelta() -> Iterator[float]:
    """Yield where Keras 2.2 had the weight: rate 1, rho 0.95, epsilon 1e-7."""
    weight, squares, updates = 1.0, 0.0, 0.0
    for gradient in GRADIENTS:
        squares = 0.95 * squares + 0.05 * gradient**2
        update = gradient * math.sqrt(updates + 1e-7) / math.sqrt(squares + 1e-7)
        updates = 0.95 * updates + 0.05 * update**2
        weight -= update
        yield weight


def adagrad() -> Iterator[float]:
    """Yield where Keras 2.2 had the weight: rate 0.01, nothing accumulated at first."""
    weight, squares = 1.0, 0.0
    for gradient in GRADIENTS:
        squares += gradient**2
        weight -= 0.01 * gradient / (math.sqrt(squares) + 1e-7)
        yield weight


def sgd() -> Iterator[float]:
    """Yield where Keras 2.2 had the weight: rate 0.1, divided by 1 + 0.5 times the steps before."""
    weight = 1.0
    for step, gradient in enumerate(GRADIENTS):
        weight -= 0.1 / (1 + 0.5 * step) * gradient
        yield weight


def nesterov() -> Iterator[float]:
    """Yield the same with a momentum of 0.9 after Nesterov."""
    weight, velocity = 1.0, 0.0
    for step, gradient in enumerate(GRADIENTS):
        rate = 0.1 / (1 + 0.5 * step)
        velocity = 0.9 * velocity - rate * gradient
        weight += 0.9 * velocity - rate * gradient
        yield weight


class TestLayers:
    def test_are_made_by_their_old_keywords(self, found: dict[str, Any]) -> None:
        """Each is configured as the one that is made by today's."""
        assert {name: unlike for name, unlike in found["layers"].items() if unlike} == {}

    def test_are_merged_in_every_mode(self, found: dict[str, Any]) -> None:
        """By the function of Keras 1."""
        assert found["merge"] == {
            "sum": [[2, 4, 6]],
            "mul": [[1, 4, 9]],
            "ave": [[1, 2, 3]],
            "max": [[1, 2, 3]],
            "concat": [[1, 2, 3, 1, 2, 3]],
            "dot": [[14]],
            "cos": [[pytest.approx(1)]],
        }

    def test_join_the_branches_of_a_sequential_model(self, found: dict[str, Any]) -> None:
        """The layer ``Merge`` of Keras 1: 16 + 12 weights in two branches, 9 behind them; they learn."""
        outputs, weights, accuracy = found["joined"]

        assert (outputs, weights) == (1, 37)
        assert accuracy > 0.8


class TestOptimizers:
    @pytest.mark.parametrize(
        ("name", "formula"), [("Adadelta", adadelta), ("Adagrad", adagrad), ("SGD", sgd), ("Nesterov", nesterov)]
    )
    def test_step_as_they_did(self, name: str, formula: Callable[[], Iterator[float]], found: dict[str, Any]) -> None:
        """Three steps of one weight, by the formulas of Keras 2.2, in its order of arguments."""
        assert found["places"][name] == pytest.approx(list(formula()), abs=1e-6)

    def test_have_the_rates_that_they_had(self, found: dict[str, Any]) -> None:
        """Those of the documentation of Keras 2.2; four are other ones since."""
        assert found["rates"] == {
            "sgd": 0.01,
            "rmsprop": 0.001,
            "adagrad": 0.01,
            "adadelta": 1.0,
            "adam": 0.001,
            "adamax": 0.002,
            "nadam": 0.002,
        }

    def test_have_the_rate_that_the_script_gives(self, found: dict[str, Any]) -> None:
        """By either name or by position."""
        assert found["rate given"] == [0.5, 0.25]


class TestNames:
    def test_are_the_same_objects_under_every_name(self, found: dict[str, Any]) -> None:
        """So that isinstance and pickle work."""
        assert {name: same for name, same in found["identity"].items() if not same} == {}

    def test_of_helpers_do_what_they_did(self, found: dict[str, Any]) -> None:
        """``np_utils`` and the order of an image's axes."""
        assert found["normalize"] == [[pytest.approx(0.6), pytest.approx(0.8)]]
        assert found["categorical"] == [[1, 0, 0, 0], [0, 0, 1, 0]]
        assert found["ordering"] == ["th", "channels_first"]

    def test_tell_the_version_that_is_served(self, found: dict[str, Any]) -> None:
        """It is a release of tf-keras."""
        assert found["version"].startswith("2.")

    def test_that_nothing_stands_in_for_are_explained(self, found: dict[str, Any]) -> None:
        """With what to write instead; a name that never was fails as ever."""
        gone = found["gone"]

        assert gone["from keras.layers import MaxoutDense"][0] == "ImportError"
        assert "Dense, Reshape and maximum" in gone["from keras.layers import MaxoutDense"][1]
        assert gone["from keras.layers import Nothing"][0] == "ImportError"
        assert gone["import keras.nothing"][0] == "ModuleNotFoundError"
        assert gone["keras.layers.nothing"][0] == "AttributeError"

    def test_that_the_inspection_looks_for_are_served_or_explained(self, found: dict[str, Any]) -> None:
        """It would send a script here for nothing otherwise."""
        assert found["missing"] == []

    def test_are_told_once_each(self, found: dict[str, Any]) -> None:
        """In the event log, for the diagnosis; and nothing went wrong in the probe."""
        assert found["errors"] == []
        assert len(found["told"]) == len(set(found["told"]))
        assert {"Adadelta(learning_rate=1.0)", "keras.utils.np_utils", "Dropout(p=)"} <= set(found["told"])


class TestTraining:
    def test_predicts_classes_and_probabilities(self, found: dict[str, Any]) -> None:
        """The largest of several, and one column of 0 and 1 for a single output."""
        assert found["classes"] is True
        assert found["probabilities"] is True
        assert found["one class"] == [[10, 1], "int32"]

    def test_is_a_phase_of_functions(self, found: dict[str, Any]) -> None:
        """``K.learning_phase()`` among the inputs: 0 leaves nothing out, 1 nearly everything."""
        predicting, training = found["phases"]

        assert predicting == pytest.approx(0, abs=1e-6)
        assert training > 0.1

    def test_has_a_history_under_both_names(self, found: dict[str, Any]) -> None:
        """Each curve is listed once; class weights that are no dictionary had no effect."""
        assert found["history"] == [["accuracy", "loss", "val_accuracy", "val_loss"], True, True, False]

    def test_has_a_history_of_numpys_numbers(self, found: dict[str, Any]) -> None:
        """Which NumPy writes as it did, and JSON as well."""
        assert found["numbers"] == ["float64", True, True]

    def test_counts_rows_for_keras_1_and_batches_for_keras_2(self, found: dict[str, Any]) -> None:
        """Rounded up, over all epochs; batches of ten rows, as lists; a sequence starts over where it is too short.

        Without a word, what the script said before decides.
        """
        assert found["batches"] == {
            "steps by position": 4,
            "rows": 8,
            "rows by position": 4,
            "uneven rows": 5,
            "steps": 8,
            "half a step": 4,
            "more than there are": 10,
        }

    def test_takes_lists_truth_values_text_and_objects(self, found: dict[str, Any]) -> None:
        """As numbers: the loss is that of the plain arrays."""
        assert found["data"] == [True] * 5

    def test_shows_the_accuracy_that_nobody_asked_for_at_compilation(self, found: dict[str, Any]) -> None:
        """``show_accuracy`` was an argument of ``fit`` in the first releases."""
        assert found["show_accuracy"] == ["loss", "accuracy"]
