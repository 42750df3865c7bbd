"""What is told to be done is what is done."""

from __future__ import annotations

import pytest

from services.tweaker.domain.facts import read_facts
from services.tweaker.domain.finding import Case
from services.tweaker.domain.remedies import remedies
from tests.unit.tweaker.builders import UNSCALED, facts

BYTES = {"unscaled": True, "shape": [784], "overall": {"min": 0.0, "max": 255.0}}


@pytest.mark.parametrize(
    ("inputs", "model", "deed"),
    [
        (UNSCALED, "Sequential", "they are brought to mean 0 and spread 1"),
        (UNSCALED, "SVC", "they are brought to mean 0 and spread 1"),
        (BYTES, "Sequential", "they are divided by 255 inside the model"),
        (BYTES, "SVC", "they are brought to mean 0 and spread 1"),
    ],
)
def test_says_where_the_inputs_are_scaled(inputs: dict[str, object], model: str, deed: str) -> None:
    """A network gets a layer, an estimator a scaler in front of it."""
    found = Case(value=0.5, facts=read_facts(facts(inputs, model=model)), settings={"scale_inputs": None})

    (remedy,) = remedies("not_scaled", found)

    assert remedy.deed == deed
