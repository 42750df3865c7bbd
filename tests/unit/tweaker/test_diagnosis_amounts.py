"""Rules about labels that are amounts: what the output can reach, how wide it is, and which loss it has."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from services.tweaker.diagnosis.case import Case
from services.tweaker.rules import diagnose, remedies
from tests.unit.tweaker.diagnosing import THREE, a_network, confidence, dense, sentence

PRICES = {"encoding": "continuous", "width": 1, "distinct": 300, "lowest": 15.2, "highest": 480.0}
CENTRED = {**PRICES, "lowest": -4.0, "highest": 7.5}
SHARES = {**PRICES, "lowest": 0.0, "highest": 1.0}
COUNTS = {"encoding": "integer", "classes": 30, "width": 1, "lowest": 1.0, "highest": 48.0}
WORDS = {"scaled": "like classes that were scaled", "whole": "whole numbers from 0"}
FINDINGS = {"unreachable_labels", "class_loss_on_amounts", "wrong_output_width", "labels_are_no_classes"}


def a_regression(
    activation: str,
    labels: Mapping[str, Any] = PRICES,
    loss: str = "mean_squared_error",
    units: int = 1,
    metric: str = "mae",
) -> Case:
    """Return a network with such an output for labels that are amounts."""
    output = dense(units, activation, width=units)
    return a_network(output=output, labels=labels, loss=loss, reached=None, value=None, metric=metric)


def found(case: Case) -> set[str]:
    """Return which findings about amounts the diagnosis has."""
    return {finding.name for finding in diagnose(case)} & FINDINGS


class TestReach:
    @pytest.mark.parametrize(
        ("activation", "labels", "words"),
        [
            ("sigmoid", PRICES, "The sigmoid output is between 0 and 1, so it cannot reach labels from 15.2 to 480"),
            ("tanh", CENTRED, "The tanh output is between -1 and 1, so it cannot reach labels from -4 to 7.5"),
            ("relu", CENTRED, "The ReLU output is never negative, so it cannot reach labels from -4 to 7.5"),
            (
                "softmax",
                SHARES,
                "A softmax's outputs sum to 1 in each row, so they cannot fit labels from 0 to 1",
            ),
            ("sigmoid", COUNTS, "The sigmoid output is between 0 and 1, so it cannot reach labels from 1 to 48"),
        ],
    )
    def test_is_too_short(self, activation: str, labels: Mapping[str, Any], words: str) -> None:
        """The finding names the activation function and the labels' range."""
        assert sentence("unreachable_labels", a_regression(activation, labels)) == words

    @pytest.mark.parametrize(
        "case",
        [
            a_regression("linear"),
            a_regression("relu"),
            a_regression("sigmoid", SHARES),
            a_regression("tanh", {**PRICES, "lowest": -1.0, "highest": 1.01}),
            a_regression("sigmoid", COUNTS, loss="binary_crossentropy"),
            a_regression("sigmoid", COUNTS, metric="accuracy"),
            a_regression("sigmoid", {**PRICES, "encoding": "multi-label"}),
            a_regression("softmax", {**SHARES, "encoding": "probabilities"}, units=3),
        ],
    )
    def test_is_long_enough(self, case: Case) -> None:
        """Or the labels may be classes, or are nearly reached."""
        assert confidence("unreachable_labels", case) == 0


class TestLoss:
    def test_is_for_classes(self) -> None:
        """What the loss is, and what the labels are."""
        what = "The loss binary_crossentropy is for classes, but the labels are amounts from 15.2 to 480"

        assert sentence("class_loss_on_amounts", a_regression("linear", loss="binary_crossentropy")) == what

    def test_takes_probabilities(self) -> None:
        """Pixels between 0 and 1 are usual labels of an autoencoder with binary cross-entropy."""
        assert found(a_regression("sigmoid", SHARES, loss="binary_crossentropy")) == set()


class TestWidth:
    @pytest.mark.parametrize(("units", "width", "sure"), [(1, 3, 0.9), (3, 1, 0.75), (2, 2, 0)])
    def test_differs(self, units: int, width: int, sure: float) -> None:
        """Too narrow an output cannot learn what it broadcasts."""
        assert confidence("wrong_output_width", a_regression("linear", {**PRICES, "width": width}, units=units)) == sure

    def test_may_be_meant_by_a_loss_of_the_authors_own(self) -> None:
        """Two outputs may be the mean and the variance of one label."""
        assert found(a_regression("linear", loss="negative_log_likelihood", units=2)) == set()

    def test_is_unknown(self) -> None:
        """Of a network with several outputs, or where labels were not seen."""
        case = a_network(output=dense(1, "linear"), labels=PRICES, loss="mean_squared_error")

        assert confidence("wrong_output_width", case) == 0


class TestLabels:
    @pytest.mark.parametrize(
        ("units", "labels", "loss", "words"),
        [
            (
                10,
                {**PRICES, "distinct": 10, "lowest": 0.0, "highest": 0.0352941},
                "sparse_categorical_crossentropy",
                "The labels are 10 different numbers from 0 to 0.03529, {scaled}: {loss} expects {whole}",
            ),
            (
                1,
                {**PRICES, "distinct": 2, "lowest": 0.0, "highest": 0.00392157},
                "binary_crossentropy",
                "The labels are 2 different numbers from 0 to 0.003922, {scaled}: {loss} expects 0 or 1",
            ),
            (
                1,
                {**THREE, "classes": 2, "lowest": -1.0, "highest": 1.0},
                "binary_crossentropy",
                "The labels go from -1 to 1, but {loss} expects 0 or 1",
            ),
            (
                5,
                {"encoding": "multi-label", "width": 5, "lowest": 0.0, "highest": 1.0},
                "categorical_crossentropy",
                "Rows have several or no classes (multi-label), but {loss} expects exactly one each",
            ),
        ],
    )
    def test_are_no_classes(self, units: int, labels: Mapping[str, Any], loss: str, words: str) -> None:
        """A fault in the data is explained; nothing is edited for it."""
        case = a_regression("softmax" if units > 1 else "sigmoid", labels, loss, units, metric="accuracy")

        assert sentence("labels_are_no_classes", case) == words.format(loss=loss, **WORDS)
        assert remedies("labels_are_no_classes", case) == ()
        assert found(case) == {"labels_are_no_classes"}

    def test_may_be_smoothed(self) -> None:
        """Two numbers that sum to 1 are probabilities."""
        smoothed = {**PRICES, "distinct": 2, "lowest": 0.05, "highest": 0.95}

        assert found(a_regression("sigmoid", smoothed, loss="binary_crossentropy")) == set()


class TestRemedy:
    @pytest.mark.parametrize(
        ("now", "then"),
        [
            ("sigmoid:1:mean_absolute_error", "linear:3:mean_absolute_error"),
            ("softmax:1:categorical_crossentropy", "linear:3:mean_squared_error"),
        ],
    )
    def test_is_a_linear_output_of_the_labels_width(self, now: str, then: str) -> None:
        """The author's loss stays where it is for amounts."""
        loss = now.rsplit(":", maxsplit=1)[-1]
        case = dataclasses.replace(a_regression("sigmoid", {**PRICES, "width": 3}, loss), settings={"output": now})

        assert [remedy.setting for remedy in remedies("unreachable_labels", case)] == [then]
