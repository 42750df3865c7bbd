"""What is diagnosed, and what a diagnosis says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from services.tweaker.diagnosis.facts import Facts
from trainyard.trial import Setting

Grounds = Literal["data", "structure", "curves"]
"""What a finding rests on. Bad data spoil the curves, so what these say waits until the data are right."""


@dataclass(frozen=True)
class Past:
    """One trial of the job that has ended, as the diagnosis of another one sees it.

    Attributes:
        trial: Its number.
        value: What it measured; None where it failed.
        data: What it was measured on.
        base: The trial whose code it changed; None for the author's own.
        edits: By edit, what it was told; empty where it changed nothing (the author's own, or another seed).
        of: The trial whose code it repeats with another seed or from other weights, if it does.
        seconds: Wall time of its training.
    """

    trial: int
    value: float | None
    data: str = "unknown"
    base: int | None = None
    edits: Mapping[str, Setting] = field(default_factory=dict)
    of: int | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Case:
    """One trial as the diagnosis sees it.

    Attributes:
        value: The share of right answers that it measured; None where it failed or measures something else.
        data: What it was measured on: "test", "validation", "train", "folds" or "unknown".
        facts: What the probe saw.
        losses: The training's losses, an epoch each; empty where there are none.
        held_out: The losses on held-out data.
        accuracies: The training's accuracies, an epoch each.
        held_out_accuracies: Those on held-out data.
        epochs: How many epochs the curves are of.
        settings: By edit, what that finds in the code; edits that find nothing to change are not in it.
        scales: The code itself mentions a scaler.
        trial: Its number; 0 where it is not known.
        threshold: What *value* has to reach; None where it is not known.
        metric: What the author's threshold is about, also where that is no share of right answers.
        history: Every trial of the job so far, oldest first, this one too.
    """

    value: float | None
    data: str = "unknown"
    facts: Facts = field(default_factory=Facts)
    losses: tuple[float, ...] = ()
    held_out: tuple[float, ...] = ()
    accuracies: tuple[float, ...] = ()
    held_out_accuracies: tuple[float, ...] = ()
    epochs: int = 0
    settings: Mapping[str, Setting] = field(default_factory=dict)
    scales: bool = False
    trial: int = 0
    threshold: float | None = None
    metric: str = "accuracy"
    history: tuple[Past, ...] = ()


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
