"""Which trials begin with an earlier one's weights."""

from typing import Any

import pytest

from services.tweaker.search.warm_start import LONG, warm_for
from tests.unit.tweaker.builders import a_trial
from trainyard.policy import Policy
from trainyard.trial import Artifact, Trial, Tweak, Warm

CHECKPOINT = Artifact(name="checkpoint.npz", kind="checkpoint", location="c" * 64, bytes=10)


def a_base(seconds: float = 10.0, **facts: Any) -> Trial:
    """Make a trial that left a checkpoint."""
    return a_trial(known=facts).model_copy(update={"artifacts": (CHECKPOINT,), "seconds": seconds})


def tweaks(*names: str) -> list[Tweak]:
    """Make tweaks of these names."""
    return [Tweak(name=name, reason="why", diff="") for name in names]


def how(base: Trial, *names: str, **policy: Any) -> str | None:
    """Return how the trial with tweaks of these names begins."""
    warm = warm_for([base], base, tweaks(*names), Policy(**policy))
    return warm.how if warm else None


def test_more_epochs_go_on_from_the_checkpoint_of_the_base() -> None:
    """They are the same training, only longer; the message says whose checkpoint and where it lies."""
    base = a_base()

    warm = warm_for([base], base, tweaks("epochs"), Policy())

    assert warm == Warm(trial=1, how="continue", location="c" * 64)


@pytest.mark.parametrize("names", [("epochs", "learning_rate"), ("learning_rate",), ("scale_inputs",), ()])
def test_another_training_does_not_go_on(names: tuple[str, ...]) -> None:
    """With another rate the first epochs would have been others."""
    assert how(a_base(), *names) is None


@pytest.mark.parametrize("training", [{"ended_early": True}, {"stopped_by_probe": True}])
def test_what_did_not_train_to_its_end_is_not_continued(training: dict[str, bool]) -> None:
    """Its last epoch was not the one that it was given."""
    assert how(a_base(training=training), "epochs") is None


def test_what_inherited_is_not_continued() -> None:
    """Its weights are not those that its code gives; else they would pass on unseen."""
    base = a_base().model_copy(update={"warm": Warm(trial=1, how="inherit", location="a" * 64)})

    assert how(base, "epochs") is None


@pytest.mark.parametrize("names", [("units",), ("dense_layer", "epochs"), ("filters", "dropout"), ("conv_layer",)])
def test_a_larger_network_inherits_where_that_saves_much(names: tuple[str, ...]) -> None:
    """What passes with inherited weights has to be trained again from random ones, which short ones are not worth."""
    assert how(a_base(LONG), *names) == "inherit"
    assert how(a_base(LONG - 1), *names) is None


def test_the_author_may_ask_for_it_wherever_it_can_be_had() -> None:
    """`warm_start = true`."""
    assert how(a_base(1.0), "units", warm_start=True) == "inherit"


@pytest.mark.parametrize("beside", ["scale_inputs", "activation", "output", "batch_norm"])
def test_weights_that_mean_something_else_are_not_inherited(beside: str) -> None:
    """A network that sees other numbers, or computes something else with them, starts anew."""
    assert how(a_base(LONG), "units", beside) is None


@pytest.mark.parametrize("names", [("epochs",), ("units",)])
def test_the_author_may_forbid_it(names: tuple[str, ...]) -> None:
    """`warm_start = false`."""
    assert how(a_base(LONG), *names, warm_start=False) is None


def test_without_a_checkpoint_there_is_nothing_to_begin_with() -> None:
    """As of scikit-learn, of several fits, or of a network beyond the limit."""
    base = a_trial()

    assert warm_for([base], base, tweaks("epochs"), Policy()) is None
