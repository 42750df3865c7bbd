"""What the probe saw of data and model, read tolerantly: what is missing or odd is as good as unknown."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from trainyard.trial import Model


class Spread(Model):
    """Statistics of one column, or of all values together."""

    min: float = 0.0
    max: float = 0.0
    mean: float = 0.0
    std: float = 0.0


class Inputs(Model):
    """What `fit` was given as inputs; `shape` is that of one row, shares and counts are of rows.

    Attributes:
        conflicts: Share of the rows that equal one with another label, which no model can tell apart.
    """

    rows: int = 0
    shape: tuple[int, ...] = ()
    columns: tuple[Spread, ...] = ()
    overall: Spread | None = None
    unscaled: bool | None = None
    missing: int = 0
    infinite: int = 0
    conflicts: float = 0.0
    sparse: bool = False


class Labels(Model):
    """What `fit` was given as labels; `classes` is 0 where they are unknown or no classes."""

    classes: int = 0
    counts: tuple[int, ...] = ()
    encoding: str = ""
    highest: float | None = None


class LayerFacts(Model):
    """One layer of a network, or one step of a pipeline.

    Attributes:
        dead: Share of the units that are 0 for every row that was looked at.
        saturated: Share of the activations in the flat part of their function.
        mean: Mean absolute activation.
    """

    kind: str = Field("", alias="class")
    units: int | None = None
    filters: int | None = None
    activation: str | None = None
    rate: float | None = None
    parameters: int | None = None
    dead: float | None = None
    saturated: float | None = None
    mean: float | None = None


class Output(Model):
    """The last layer that has units."""

    units: int | None = None
    activation: str | None = None


class ModelFacts(Model):
    """What was fitted."""

    library: str = ""
    kind: str = Field("", alias="class")
    parameters: int | None = None
    layers: tuple[LayerFacts, ...] = ()
    output: Output = Output()
    optimizer: str | None = None
    learning_rate: float | None = None
    loss: str | None = None
    params: dict[str, Any] = Field(default_factory=dict)

    def param(self, name: str) -> Any:
        """Return a parameter of the estimator, also where it is a step of a pipeline; None when unknown."""
        return next((value for key, value in self.params.items() if key.rpartition("__")[2] == name), None)


class Training(Model):
    """How it was fitted.

    Attributes:
        steps: Batches an epoch.
        ended_early: The author's own callback stopped it.
        stopped_by_probe: Trainyard stopped it, since it promised nothing.
        predicted: How often each class is the answer on a sample of the training rows.
        converged: False where a solver stopped at its largest number of iterations.
        iterations: How many iterations a solver took.
    """

    epochs: int = 0
    batch_size: int = 0
    steps: int = 0
    ended_early: bool = False
    stopped_by_probe: bool = False
    class_weight: bool = False
    predicted: tuple[int, ...] = ()
    converged: bool | None = None
    iterations: float | None = None


class Measured(Model):
    """What the value was taken on; 0 rows are unknown."""

    rows: int = 0


class Facts(Model):
    """All facts of one trial."""

    inputs: Inputs = Inputs()
    labels: Labels = Labels()
    model: ModelFacts = ModelFacts()
    training: Training = Training()
    measured: Measured = Measured()
    train_accuracy: float | None = None
    nan: bool = False


MOST_ODD = 10
"""After so many looks at facts, each time without what was odd before, nothing of them is believed."""

M = TypeVar("M", bound=Model)


def read_facts(raw: dict[str, Any]) -> Facts:
    """Read the facts of a trial, keys as in docs/trainprobe.md."""
    return _section(Facts, raw)


def _section(kind: type[M], raw: Any) -> M:
    """Read what validates, and leave out what does not, entry by entry."""
    left = copy.deepcopy(raw) if isinstance(raw, dict) else {}
    for _ in range(MOST_ODD):
        try:
            return kind.model_validate(left)
        except ValidationError as error:
            for location in {_entry(item["loc"]) for item in error.errors()}:
                _remove(left, location)
    return kind()


def _entry(location: Sequence[int | str]) -> tuple[int | str, ...]:
    """Return what to leave out: the innermost entry with a name, of a list of numbers all of it."""
    names = [index for index, part in enumerate(location) if isinstance(part, str)]
    return tuple(location[: names[-1] + 1])


def _remove(raw: Any, location: Sequence[int | str]) -> None:
    """Remove what lies at *location*."""
    for part in location[:-1]:
        raw = raw[part]
    raw.pop(location[-1], None)
