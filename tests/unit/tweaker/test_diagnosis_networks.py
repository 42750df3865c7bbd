"""Each rule about networks fires on its evidence, and is silent on what only looks like it."""

import dataclasses

import pytest

from services.tweaker.diagnosis.case import Case
from tests.unit.tweaker.builders import REST, TWO_CLASSES
from tests.unit.tweaker.diagnosing import TEN, THREE, a_network, confidence, dense, sentence

CONV = {"class": "Conv2D", "filters": 4, "activation": "relu"}
FALLING = (1.0, 0.8, 0.6, 0.45, 0.35, 0.28)
JUMPING = (0.9, 1.4, 0.7, 1.3, 0.6, 1.2, 0.7, 1.5, 0.8, 1.4)
CREEPING = (2.30, 2.27, 2.24, 2.21, 2.18, 2.15)
CLASSES = "sparse_categorical_crossentropy"
SOFTMAX = dense(3, "softmax")


def of_three(
    output: dict[str, object] = SOFTMAX, loss: str = CLASSES, *, from_logits: bool = False, **labels: object
) -> Case:
    """Return a network for three classes."""
    return a_network(output=output, loss=loss, from_logits=from_logits, labels={**THREE, **labels})


def of_prices(*hidden: dict[str, object], mean: float) -> Case:
    """Return a network for labels around *mean*, to which 13 steps of Adam an epoch lead."""
    labels = {"encoding": "continuous", "width": 1, "distinct": 90, "lowest": 0.0, "highest": 2 * mean, "mean": mean}
    output = dense(1, "linear", width=1)
    return a_network(
        *hidden, output=output, labels=labels, loss="mean_squared_error", epochs=10, training={"steps": 13}
    )


def normalized(momentum: float, reached: float) -> Case:
    """Return a network with batch normalization that is right for 97 % of its rows while it trains, 60 times."""
    layer = {"class": "BatchNormalization", "momentum": momentum}
    accuracies = (0.5, 0.9, 0.97)
    return a_network(dense(32), layer, reached=reached, accuracies=accuracies, epochs=5, training={"steps": 12})


OUTPUTS = [
    pytest.param("wrong_output_layer", of_three(dense(1, "sigmoid")), of_three(), id="one unit for three classes"),
    pytest.param(
        "wrong_output_layer",
        a_network(output=dense(1, "softmax")),
        a_network(output=dense(1, "sigmoid")),
        id="softmax of one",
    ),
    pytest.param("wrong_output_layer", of_three(highest=3.0, lowest=1.0), of_three(), id="labels from 1"),
    pytest.param(
        "wrong_output_layer",
        of_three(dense(3, "relu")),
        of_three(dense(3, "linear"), loss=CLASSES, from_logits=True),
        id="relu at the end, but not logits",
    ),
    pytest.param("wrong_output_layer", of_three(dense(3, "linear")), of_three(), id="no activation at the end"),
    pytest.param(
        "wrong_output_layer",
        of_three(dense(3, "tanh")),
        of_three(dense(3, "normalized_exponential")),
        id="no probabilities, but the author's own may give some",
    ),
    pytest.param(
        "wrong_loss",
        of_three(loss="mean_squared_error"),
        of_three(encoding="continuous", classes=0),
        id="a loss of amounts",
    ),
    pytest.param("wrong_loss", a_network(loss="categorical_crossentropy"), a_network(), id="one unit, loss of many"),
    pytest.param("wrong_loss", of_three(loss="binary_crossentropy"), of_three(), id="each unit by itself"),
]
ACTIVATIONS = [
    pytest.param("no_activation", a_network(dense(32, "linear")), a_network(dense(32)), id="none"),
    pytest.param(
        "no_activation",
        a_network(dense(32, "linear"), dense(32, "linear")),
        a_network(dense(32, "linear"), {"class": "LeakyReLU"}),
        id="none, or as a layer of its own",
    ),
    pytest.param(
        "saturating_activations",
        a_network(dense(32, "tanh", saturated=0.7)),
        a_network(dense(32, "tanh", saturated=0.2)),
        id="flat part",
    ),
    pytest.param(
        "saturating_activations",
        a_network(dense(64, "sigmoid"), dense(64, "sigmoid")),
        a_network(dense(64, "sigmoid"), dense(64, "sigmoid"), reached=0.95),
        id="two sigmoids, or two that learnt",
    ),
    pytest.param(
        "batch_norm_averages_lag", normalized(0.99, reached=0.45), normalized(0.9, reached=0.45), id="slow averages"
    ),
    pytest.param(
        "batch_norm_averages_lag", normalized(0.99, reached=0.45), normalized(0.99, reached=0.95), id="or no matter"
    ),
    pytest.param(
        "dead_units",
        a_network(dense(8, dead=0.95)),
        a_network(dense(8, dead=0.4)),
        id="nearly all units dead, or less than half",
    ),
    pytest.param(
        "identical_initial_weights",
        a_network(settings={"initializer": "zeros,ones"}),
        a_network(settings={"initializer": "random_uniform"}),
        id="zeros",
    ),
    pytest.param("identical_initial_weights", a_network(dense(16, alike=True)), a_network(dense(16)), id="equal units"),
    pytest.param(
        "frozen_layers",
        a_network(dense(16, frozen=True)),
        a_network(*[dense(16, frozen=True)] * 20),
        id="a frozen layer, not a network that was trained before",
    ),
    pytest.param(
        "constant_predictions",
        a_network(training={"predicted": [500, 0]}),
        a_network(training={"predicted": [450, 50]}, value=0.64),
        id="one answer, or the share by chance",
    ),
]
CAPACITY = [
    pytest.param(
        "bottleneck",
        a_network(labels=TEN, settings={"units": (64, 8)}),
        a_network(settings={"units": (8, 8)}),
        id="fewer units than classes",
    ),
    pytest.param("too_few_filters", a_network(CONV), a_network({**CONV, "filters": 8}), id="four patterns"),
    pytest.param(
        "no_hidden_layer",
        a_network({"class": "Flatten"}),
        a_network({"class": "Flatten"}, reached=0.95),
        id="no hidden layer, but it fits",
    ),
    pytest.param(
        "network_too_small",
        a_network(losses=tuple(REST)),
        a_network(losses=tuple(REST), reached=0.95),
        id="at rest below the threshold",
    ),
    pytest.param(
        "network_too_small", a_network(losses=tuple(REST)), a_network(losses=FALLING), id="at rest, or falling"
    ),
    pytest.param(
        "network_too_small",
        dataclasses.replace(normalized(0.9, reached=0.45), losses=tuple(REST)),
        dataclasses.replace(normalized(0.99, reached=0.45), losses=tuple(REST)),
        id="or only evaluated with averages that lag",
    ),
    pytest.param(
        "overfitting", a_network(reached=0.99), a_network(reached=0.85), id="known by heart, or not fitted either"
    ),
    pytest.param(
        "overfitting",
        a_network(reached=0.93, value=0.9, threshold=0.92, held_out=(0.6, 0.3, 0.4, 0.5)),
        a_network(reached=0.93, value=0.9, threshold=0.92, held_out=(0.6, 0.4, 0.3, 0.3)),
        id="a small gap where held-out data get worse",
    ),
    pytest.param(
        "small_dataset",
        a_network(reached=0.99, labels={**TWO_CLASSES, "counts": [30, 20]}),
        a_network(reached=0.99, labels={**TWO_CLASSES, "counts": [1000, 0]}),
        id="twenty rows of a class",
    ),
    pytest.param(
        "too_much_dropout",
        a_network(settings={"dropout": 0.8}),
        a_network(settings={"dropout": 0.5}),
        id="nearly all dropped",
    ),
    pytest.param("over_regularized", a_network(decay=1.0), a_network(decay=0.01), id="a strong decay of weights"),
    pytest.param(
        "over_regularized",
        a_network(settings={"regularizer": 1.0}),
        a_network(settings={"regularizer": 0.001}),
        id="a strong penalty",
    ),
]
RATES = [
    pytest.param(
        "missing_zero_grad",
        a_network(settings={"zero_grad": None}),
        a_network(settings={"learning_rate": 0.001}),
        id="a loop that never sets them to zero",
    ),
    pytest.param("learning_rate_too_high", a_network(nan=True), a_network(), id="no number"),
    pytest.param(
        "learning_rate_too_high", a_network(rate=0.5), a_network(rate=0.5, reached=0.95), id="far above, but it fits"
    ),
    pytest.param(
        "learning_rate_too_high", a_network(rate=0.01, losses=JUMPING), a_network(losses=FALLING), id="jumping"
    ),
    pytest.param(
        "learning_rate_too_low", a_network(rate=0.00001), a_network(rate=0.0005), id="far below what is usual"
    ),
    pytest.param(
        "learning_rate_too_low",
        a_network(optimizer="Adadelta"),
        a_network(optimizer="Adadelta", rate=1.0),
        id="Adadelta as it was",
    ),
    pytest.param(
        "learning_rate_too_low",
        a_network(optimizer="Adadelta", settings={"learning_rate": 0.001}),
        a_network(optimizer="Adadelta", rate=1.0, settings={"learning_rate": 0.001}),
        id="Adadelta in an older Keras",
    ),
    pytest.param(
        "learning_rate_too_low", of_prices(mean=22.5), of_prices(mean=2.5), id="too short a way to labels far away"
    ),
    pytest.param(
        "learning_rate_too_low",
        of_prices(dense(64), dense(64), mean=200.0),
        of_prices(dense(64), dense(64), mean=40.0),
        id="or through two layers, which multiply it",
    ),
    pytest.param("learning_rate_too_low", a_network(losses=CREEPING), a_network(losses=FALLING), id="creeping"),
    pytest.param(
        "learning_rate_too_low",
        a_network(rate=0.00006, settings={"learning_rate": 0.001}),
        a_network(rate=0.0005, settings={"learning_rate": 0.001}),
        id="a schedule that leaves nothing",
    ),
    pytest.param(
        "learning_rate_too_low",
        a_network(rate=0.00006, settings={"learning_rate": 0.001}),
        a_network(rate=0.00006, settings={"learning_rate": 0.001, "patience": 3}),
        id="a schedule that leaves nothing, or a callback that waits for rest",
    ),
    pytest.param(
        "learning_rate_too_low",
        a_network(optimizer="SGD", rate=0.01, epochs=2),
        a_network(optimizer="SGD", rate=0.1, epochs=2),
        id="plain descent in few steps",
    ),
]
LENGTHS = [
    pytest.param(
        "too_few_steps",
        a_network(epochs=2, losses=(1.0, 0.9)),
        a_network(epochs=20, losses=FALLING),
        id="two hundred steps",
    ),
    pytest.param(
        "too_few_steps",
        a_network(training={"steps": 4}, losses=FALLING),
        a_network(training={"steps": 4}, losses=tuple(REST)),
        id="few steps, or at rest",
    ),
    pytest.param(
        "too_few_steps",
        a_network(training={"steps": 4}, losses=(2.3, 2.31, 2.3, 2.3, 2.31, 2.3)),
        a_network(training={"steps": 4}, losses=tuple(REST)),
        id="stuck from the start",
    ),
    pytest.param(
        "batches_too_large",
        a_network(training={"steps": 1, "batch_size": 700}),
        a_network(training={"steps": 3, "batch_size": 32}),
        id="one batch of all rows, or few rows",
    ),
    pytest.param(
        "early_stopping_too_early",
        a_network(training={"ended_early": True}, epochs=4, settings={"patience": 1, "epochs": 100}),
        a_network(training={"ended_early": False}, epochs=4, settings={"patience": 1, "epochs": 100}),
        id="gave up after four epochs",
    ),
    pytest.param("still_improving", a_network(losses=FALLING), a_network(losses=tuple(REST)), id="falling"),
    pytest.param(
        "still_improving",
        a_network(losses=FALLING),
        a_network(losses=FALLING, held_out=(0.9, 0.5, 0.6, 0.8, 0.9, 1.0)),
        id="held-out data worse",
    ),
]


@pytest.mark.parametrize(("name", "wrong", "sound"), [*OUTPUTS, *ACTIVATIONS, *CAPACITY, *RATES, *LENGTHS])
def test_is_found_on_its_evidence_only(name: str, wrong: Case, sound: Case) -> None:
    """What is wrong is found, and the near miss is left in peace."""
    assert confidence(name, wrong) >= 0.45
    assert confidence(name, sound) == 0


@pytest.mark.parametrize(
    ("name", "case", "words"),
    [
        ("wrong_output_layer", of_three(dense(1, "sigmoid")), "The output layer has 1 unit for 3 classes"),
        (
            "identical_initial_weights",
            a_network(settings={"initializer": "zeros"}),
            "All weights of a layer start at the same value (zeros)",
        ),
        (
            "constant_predictions",
            a_network(training={"predicted": [500, 0]}),
            "the same class for 100% of its training rows",
        ),
        ("learning_rate_too_low", a_network(optimizer="Adadelta"), "Keras sets Adadelta's learning rate to 0.001"),
        (
            "learning_rate_too_low",
            of_prices(mean=22.5),
            "learning rate of 0.001 move each weight by at most about 0.13: too little to reach labels around 22.5",
        ),
        (
            "batch_norm_averages_lag",
            normalized(0.99, reached=0.45),
            "55% of their initial values after 60 updates; accuracy is 97% in training, 45% in evaluation on the same",
        ),
        (
            "too_few_steps",
            a_network(epochs=2, losses=(1.0, 0.9)),
            "The weights are updated only 200 times: 2 epochs of 100 steps",
        ),
    ],
)
def test_says_it_with_its_figures(name: str, case: Case, words: str) -> None:
    """A person sees what it was found from."""
    assert words in sentence(name, case)


def test_does_not_blame_the_rate_for_missing_values() -> None:
    """A loss that is no number comes from inputs that are none."""
    case = a_network(nan=True, inputs={"rows": 700, "shape": [8], "missing": 12})

    assert confidence("missing_values", case) > confidence("learning_rate_too_high", case)


@pytest.mark.parametrize(("metric", "sure"), [("balanced_accuracy", True), ("accuracy", False), ("f1", True)])
def test_minds_rare_classes_where_they_count(metric: str, *, sure: bool) -> None:
    """For plain accuracy, rare classes hardly matter."""
    labels = {"classes": 2, "counts": [630, 70], "encoding": "binary"}

    assert (confidence("class_imbalance", a_network(labels=labels, metric=metric)) >= 0.7) is sure


def test_does_not_mind_rare_classes_that_are_weighted() -> None:
    """The author did so already."""
    labels = {"classes": 2, "counts": [630, 70], "encoding": "binary"}

    assert confidence("class_imbalance", a_network(labels=labels, metric="f1", training={"class_weight": True})) == 0
