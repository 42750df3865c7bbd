"""What is diagnosed, and what a diagnosis says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.tweaker.domain.facts import Facts
from trainyard.messages import Setting

Grounds = Literal["data", "structure", "curves"]
"""What a finding rests on. Bad data spoil the curves, so what these say waits until the data are right."""


@dataclass(frozen=True)
class Case:
    """One trial as the diagnosis sees it.

    Attributes:
        value: What it measured; None where it failed.
        data: What it was measured on: "test", "validation", "train", "folds" or "unknown".
        losses: The training's losses, an epoch each; empty where there are none.
        held_out: The losses on held-out data.
        epochs: How many epochs the curves are of.
        settings: By edit, what that finds in the code; edits that find nothing to change are not in it.
        scales: The code itself mentions a scaler.
    """

    value: float | None
    data: str = "unknown"
    facts: Facts = field(default_factory=Facts)
    losses: tuple[float, ...] = ()
    held_out: tuple[float, ...] = ()
    epochs: int = 0
    settings: Mapping[str, Setting] = field(default_factory=dict)
    scales: bool = False


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Attributes:
        name: Key into the table of remedies.
        sentence: What is wrong and what shows it, for a person, without a full stop.
        confidence: From 0 to 1.
        grounds: What it rests on.
    """

    name: str
    sentence: str
    confidence: float
    grounds: Grounds
