"""A value that reached the threshold, but proves nothing."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from services.tweaker.diagnosis.case import Case
from services.tweaker.diagnosis.facts import Measured
from services.tweaker.handlers import on_threshold_missed, on_threshold_passed
from services.tweaker.rules import objections
from tests.unit.tweaker.builders import REST, SCALED, a_trial, facts, kept, missed
from tests.unit.tweaker.diagnosing import THREE, a_network, confidence, dense
from trainyard.bundle import unpack
from trainyard.messages import CodeReady, Message, ThresholdPassed, TweaksExhausted
from trainyard.policy import Policy
from trainyard.storage import Storage
from trainyard.testing import ORIGIN
from trainyard.trial import Trial

ONE_HOT = {"classes": 20, "counts": [35] * 20, "encoding": "one-hot"}
ONE_UNIT = b"""\
import keras
from keras.layers import Dense

rows, labels = load()
model = keras.Sequential([Dense(64, activation="relu"), Dense(1, activation="sigmoid")])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
model.fit(rows, keras.utils.to_categorical(labels), epochs=5)
"""
POLICY = Policy(threshold=0.95)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path))


def known(units: int = 1, **measured: float) -> dict[str, Any]:
    """Return the facts of a network with so many sigmoid units for twenty classes in one-hot labels."""
    output = dense(units, "sigmoid" if units == 1 else "softmax")
    network = {
        "library": "keras",
        "class": "Sequential",
        "layers": [dense(64), output],
        "output": output,
        "loss": "binary_crossentropy" if units == 1 else "categorical_crossentropy",
    }
    return {**facts(SCALED, labels=ONE_HOT), "model": network, "measured": {"rows": 1000, **measured}}


def trained(number: int, value: float, units: int, bundle: str, **measured: float) -> Trial:
    """Return a trial of a network with so many output units."""
    return a_trial(number, value=value, known=known(units, **measured), bundle=bundle, losses=REST)


def answer(*history: Trial, storage: Storage, winner: int = 1, spent: bool = False, policy: Policy = POLICY) -> Message:
    """Return the answer to a trial that reached the threshold."""
    event = ThresholdPassed(
        job="job-1", policy=policy, origin=ORIGIN, seed=7, history=history, winner=winner, spent=spent
    )
    (message,) = on_threshold_passed(event, storage)
    assert [message] == list(on_threshold_passed(event, storage)), "the answer changes when it is asked again"
    return message


def measured_on(value: float, **measured: float) -> Case:
    """Return a network whose value was measured on such rows."""
    case = a_network(value=value)
    facts = case.facts.model_copy(update={"measured": Measured.model_validate(measured)})
    return dataclasses.replace(case, facts=facts)


def names(case: Case) -> list[str]:
    """Return the findings that object to the value."""
    return [finding.name for finding in objections(case)]


class TestWhatObjects:
    @pytest.mark.parametrize("metric", ["accuracy", "f1", "roc_auc", "loss"])
    def test_is_one_unit_under_one_hot_labels(self, metric: str) -> None:
        """Keras compares it with each column, nearly all of which are 0, whatever is made of that."""
        value = 0.95 if metric == "accuracy" else None
        case = a_network(output=dense(1, "sigmoid"), labels=ONE_HOT, value=value, metric=metric)

        assert names(case) == ["wrong_output_layer"]

    def test_is_a_loss_that_never_changes(self) -> None:
        """With a loss of many classes on one unit, nothing was learnt."""
        assert names(a_network(loss="categorical_crossentropy")) == ["wrong_loss"]

    def test_is_not_the_last_layer_of_an_own_class(self) -> None:
        """A class may keep its layers in any order, so the last one need not be its output."""
        case = a_network(output=dense(1, "sigmoid"), labels=ONE_HOT)
        model = case.facts.model.model_copy(update={"kind": "Net"})

        assert names(dataclasses.replace(case, facts=case.facts.model_copy(update={"model": model}))) == []

    def test_is_not_a_number_that_stands_for_a_class(self) -> None:
        """A single unit may be rounded to one of three classes: the accuracy of that is honest."""
        case = a_network(output=dense(1, "linear"), loss="mean_squared_error", labels=THREE)

        assert confidence("wrong_output_layer", case) > 0
        assert names(case) == []

    def test_is_not_an_amount_in_whole_numbers(self) -> None:
        """A rating from 0 to 2 is no class where neither metric nor loss takes it for one."""
        case = a_network(output=dense(1, "linear"), loss="mean_squared_error", labels=THREE, value=None, metric="mae")

        assert confidence("wrong_output_layer", case) == 0

    def test_is_an_evaluation_of_one_class(self) -> None:
        """Nobody knows what the model says about the others."""
        case = measured_on(1.0, rows=40, classes=1, majority=1.0)

        assert names(case) == ["one_class_evaluation"]
        assert names(dataclasses.replace(case, data="folds")) == [], "a fold may be a single row"

    @pytest.mark.parametrize(
        ("value", "majority", "rows", "expected"),
        [
            (0.955, 0.95, 1000, ["no_better_than_majority"]),
            (0.97, 0.95, 1000, []),
            (0.97, 0.95, 40, ["no_better_than_majority"]),
            (0.955, 0.0, 1000, []),
        ],
    )
    def test_is_what_a_constant_answer_reaches_too(
        self, value: float, majority: float, rows: int, expected: list[str]
    ) -> None:
        """How much better is enough depends on the rows; where the majority is not known, nothing is said."""
        assert names(measured_on(value, rows=rows, classes=2, majority=majority)) == expected


class TestAnswer:
    def test_asks_for_the_trial_that_mends_it(self, storage: Storage) -> None:
        """Trial 1 passed, but on an output that is compared with the wrong thing: that is put right next."""
        message = answer(trained(1, 0.955, 1, kept(storage, ONE_UNIT)), storage=storage)

        assert isinstance(message, CodeReady), f"expected code.ready, got {message}"
        assert (message.purpose, message.base, message.of) == ("search", 1, 1)
        assert "output" in [tweak.name for tweak in message.tweaks]
        assert message.diagnosis[0].name == "wrong_output_layer"
        assert b'Dense(20, activation="softmax")' in unpack(storage.get_blob(message.bundle))["train.py"]

    @pytest.mark.parametrize(
        ("spent", "tweaks"), [(True, None), (False, ("epochs",))], ids=["nothing is left", "what mends it may not"]
    )
    def test_objects_where_nothing_can_mend_it(
        self, storage: Storage, *, spent: bool, tweaks: tuple[str, ...] | None
    ) -> None:
        """Without the budget, or without the one edit that mends it, the trial may not pass."""
        first = trained(1, 0.955, 1, kept(storage, ONE_UNIT))

        message = answer(first, storage=storage, spent=spent, policy=Policy(threshold=0.95, tweaks=tweaks))

        assert isinstance(message, TweaksExhausted), f"expected tweaks.exhausted, got {message}"
        assert message.why == "The output layer has 1 unit for 20 classes, so the value of trial 1 proves nothing."
        assert [found.name for found in message.objections] == ["wrong_output_layer"]

    def test_spends_no_trial_on_an_evaluation_of_one_class(self, storage: Storage) -> None:
        """No edit touches what is measured."""
        first = trained(1, 0.97, 20, kept(storage, ONE_UNIT), classes=1, majority=1.0)

        message = answer(first, storage=storage)

        assert isinstance(message, TweaksExhausted), f"expected tweaks.exhausted, got {message}"
        assert [found.name for found in message.objections] == ["one_class_evaluation"]

    def test_ends_a_search_whose_evaluation_is_of_one_class(self, storage: Storage) -> None:
        """Nor does it look for what could not pass."""
        first = trained(1, 0.6, 20, kept(storage, ONE_UNIT), classes=1, majority=1.0)

        (message,) = on_threshold_missed(missed(first, policy=POLICY), storage)

        assert isinstance(message, TweaksExhausted), f"expected tweaks.exhausted, got {message}"
        assert message.why == "The accuracy is measured on 1000 rows of one class only, which tells no classes apart."

    def test_looks_for_a_model_that_is_better_than_a_constant_answer(self, storage: Storage) -> None:
        """Any change may bring one."""
        first = trained(1, 0.955, 20, kept(storage, ONE_UNIT), classes=20, majority=0.95)

        message = answer(first, storage=storage)

        assert isinstance(message, CodeReady), f"expected code.ready, got {message}"
        assert (message.purpose, message.of) == ("search", 1)

    def test_has_nothing_against_an_honest_value(self, storage: Storage) -> None:
        """A first trial that passed is final: there is nothing to leave out."""
        message = answer(trained(1, 0.97, 20, kept(storage, ONE_UNIT)), storage=storage)

        assert message == TweaksExhausted(job="job-1", trial=1, why="The code is the author's own.")


class TestAfterwards:
    def test_builds_upon_the_lower_but_honest_value(self, storage: Storage) -> None:
        """What was put right has not done harm: the value before was none."""
        history = _mended(storage, value=0.6)

        (message,) = on_threshold_missed(missed(*history, policy=POLICY), storage)

        assert isinstance(message, CodeReady), f"expected code.ready, got {message}"
        assert message.base == 2
        assert b"Dense(20" in unpack(storage.get_blob(message.bundle))["train.py"]


def _mended(storage: Storage, value: float) -> tuple[Trial, Trial]:
    """Return a trial that passed with nothing to show, and the one that put that right."""
    first = trained(1, 0.955, 1, kept(storage, ONE_UNIT))
    asked = answer(first, storage=storage)
    assert isinstance(asked, CodeReady), f"expected code.ready, got {asked}"
    second = trained(2, value, 20, asked.bundle)
    return first, second.model_copy(update=_requested(asked))


def _requested(asked: CodeReady) -> dict[str, Any]:
    requested = asked.requested_trial()
    return {name: getattr(requested, name) for name in ("tweaks", "base", "purpose", "of", "diagnosis")}
